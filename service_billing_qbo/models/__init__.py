# Connection: first the model, then what each further file adds to it.
from . import (
    qbo_app,
    qbo_connection,
    qbo_token,
    qbo_reference,
    qbo_log,
    qbo_call_count,
    qbo_connection_tokens,
    qbo_connection_facts,
    qbo_connection_oauth,
    qbo_connection_notices,
    qbo_connection_housekeeping,
    qbo_connection_checks,
    qbo_connection_checks_books,
)

# The export engine: outbox, links, problems, drain; then what is exported.
from . import (
    qbo_connection_engine,
    qbo_drain,
    qbo_binding,
    qbo_export,
    qbo_export_actions,
    qbo_export_prepare,
    qbo_export_record,
    qbo_export_settle,
    qbo_export_lane,
    qbo_problem,
    qbo_problem_causes,
    qbo_exportable,
    account_move,
    res_partner,
)

# Mapping and mappers: after the models whose methods they extend.
from . import (
    qbo_connection_books,
    qbo_custom_field,
    qbo_reference_books,
    qbo_mapping_mixin,
    qbo_mapping,
    qbo_mapping_needed,
    qbo_mapping_proposal,
    product_template,
    product_template_export,
    product_category,
    account_tax,
    account_payment_term,
    account_journal,
    account_move_line,
    account_move_line_tax,
    account_move_lines,
    account_move_tax,
    account_move_tax_world,
    account_move_dimensions,
    account_partial_reconcile,
    account_move_mapping,
    res_partner_link,
    res_partner_mapping,
    res_partner_books,
    qbo_match,
)

# What screens show and do: last, they extend what the others define.
from . import (
    qbo_live,
    qbo_connection_screens,
    qbo_connection_confirm,
    qbo_connection_overview,
    qbo_reference_screens,
    qbo_binding_screens,
    qbo_export_screens,
    qbo_mapping_screens,
    qbo_problem_screens,
    qbo_connection_watch,
    qbo_match_screens,
    qbo_connection_watch,
    qbo_connection_guide,
    account_move_screens,
    res_partner_screens,
    res_config_settings,
    qbo_problem_notices,
)
    account_move_groups,
    account_move_preview,
    account_move_preview_rows,

# The way back: what people do in QuickBooks.
from . import (
    qbo_change,
    qbo_change_state,
    qbo_change_follow,
    qbo_change_reference,
    qbo_change_binding,
    qbo_change_problem,
    qbo_change_partner,
    qbo_change_checks,
)
