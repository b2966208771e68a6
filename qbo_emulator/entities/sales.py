"""Invoice and CreditMemo."""

from __future__ import annotations

from qbo_emulator.entities.common import CUSTOM_FIELDS, address, mail
from qbo_emulator.entities.entity import Entity, EntityKind, Operation
from qbo_emulator.entities.fields import (
    Field,
    amount,
    choice,
    day,
    flag,
    known,
    many,
    obj,
    read_only,
    ref,
    text,
    whole,
)
from qbo_emulator.ledger import posting
from qbo_emulator.rules import (
    closing,
    currencies,
    defaults,
    lines,
    links,
    numbers,
    sales,
    tracking,
)
from qbo_emulator.rules.tax import sales_tax

__all__ = ["CREDIT_MEMO", "INVOICE"]

_ITEM_DETAIL = obj(
    "SalesItemLineDetail",
    ref("ItemRef", "Item", checked=False),
    ref("ClassRef", "Class"),
    amount("UnitPrice"),
    amount("Qty"),
    *read_only(ref("ItemAccountRef", "Account")),
    ref("TaxCodeRef", "TaxCode", checked=False),
    day("ServiceDate"),
    amount("TaxInclusiveAmt"),
    amount("DiscountRate"),
    amount("DiscountAmt"),
    *known(
        "UnitCostPrice RatePercent PriceLevelRef MarkupInfo UOMRef InventorySiteRef"
        " DeferredRevenue RetainageAmount SalesItemLineDetailEx"
    ),
    *read_only(*known("TaxClassificationRef")),
)

_LINE_MEMBERS: tuple[Field, ...] = (
    text("Id"),
    whole("LineNum"),
    text("Description", 4000),
    amount("Amount"),
    choice(
        "DetailType",
        "SalesItemLineDetail",
        "GroupLineDetail",
        "DescriptionOnly",
        "DiscountLineDetail",
        "SubTotalLineDetail",
    ),
    _ITEM_DETAIL,
    obj(
        "DiscountLineDetail",
        flag("PercentBased"),
        amount("DiscountPercent"),
        ref("DiscountAccountRef", "Account"),
        ref("ClassRef", "Class"),
        ref("TaxCodeRef", "TaxCode", checked=False),
        day("ServiceDate"),
        *known("DiscountRef"),
    ),
    obj(
        "DescriptionLineDetail",
        day("ServiceDate"),
        ref("TaxCodeRef", "TaxCode", checked=False),
    ),
    obj("SubTotalLineDetail", *known("ItemRef ServiceDate")),
    *known(
        "LinkedTxn CustomField LineEx ProjectRef CostAmount HomeCostAmount"
        " CustomExtensions"
        " Received"
    ),
)

_LINE = many(
    "Line",
    *_LINE_MEMBERS,
    obj(
        "GroupLineDetail",
        ref("GroupItemRef", "Item"),
        amount("Quantity"),
        day("ServiceDate"),
        many("Line", *_LINE_MEMBERS),
        *known("UOMRef GroupLineDetailEx"),
    ),
)

_TAX_DETAIL = obj(
    "TxnTaxDetail",
    ref("TxnTaxCodeRef", "TaxCode", checked=False),
    amount("TotalTax"),
    flag("UseAutomatedSalesTax"),
    choice("TaxReviewStatus", "NON_AST_TAX", "AST_TAX_OVERRIDE"),
    many(
        "TaxLine",
        amount("Amount"),
        choice("DetailType", "TaxLineDetail"),
        obj(
            "TaxLineDetail",
            ref("TaxRateRef", "TaxRate"),
            flag("PercentBased"),
            amount("TaxPercent"),
            amount("NetAmountTaxable"),
            amount("TaxInclusiveAmount"),
            amount("OverrideDeltaAmount"),
            *known("ServiceDate"),
        ),
        *known("Id LineNum Description"),
    ),
    *known("DefaultTaxCodeRef"),
)

_SALES_FIELDS: tuple[Field, ...] = (
    CUSTOM_FIELDS,
    text("DocNumber", 21).where(),
    flag("AutoDocNumber"),
    day("TxnDate").where(),
    ref("DepartmentRef", "Department").where(),
    ref("CurrencyRef", "CompanyCurrency", checked=False),
    amount("ExchangeRate"),
    text("PrivateNote", 4000),
    many("LinkedTxn", *known("TxnId TxnType TxnLineId")),
    _LINE,
    _TAX_DETAIL,
    ref("CustomerRef", "Customer").where(),
    obj("CustomerMemo", text("value", 1000)),
    address("BillAddr"),
    address("ShipAddr"),
    address("ShipFromAddr"),
    ref("ClassRef", "Class"),
    ref("SalesTermRef", "Term").where(),
    day("DueDate").where(),
    ref("ShipMethodRef", "ShipMethod", checked=False),
    day("ShipDate"),
    text("TrackingNum", 31),
    choice("GlobalTaxCalculation", "TaxExcluded", "TaxInclusive", "NotApplicable"),
    *read_only(
        amount("TotalAmt").where(),
        amount("HomeTotalAmt"),
        amount("Balance").where(),
        amount("HomeBalance"),
    ),
    flag("ApplyTaxAfterDiscount"),
    choice("PrintStatus", "NotSet", "NeedToPrint", "PrintComplete"),
    choice("EmailStatus", "NotSet", "NeedToSend", "EmailSent"),
    mail("BillEmail"),
    mail("BillEmailCc"),
    mail("BillEmailBcc"),
    *read_only(*known("DeliveryInfo RecurDataRef HomeTotalCostAmount TotalCostAmount")),
    *known(
        "TxnSubType TxnStatus TxnSource TaxFormType TaxFormNum TransactionLocationType"
        " Tag"
        " TxnApprovalInfo RecurringInfo ProjectRef FreeFormAddress RemitToRef"
        " SalesRepRef"
        " PONumber FOB ShippingTaxIncludedInTotalTax TemplateRef ARAccountRef"
        " FinanceCharge"
        " PaymentMethodRef PaymentRefNum PaymentType CheckPayment CreditCardPayment"
        " DepositToAccountRef DiscountRate DiscountAmt GovtTxnRefIdentifier"
        " TaxExemptionRef"
    ),
)

_FORM_RULES = (
    sales.customer_defaults,
    sales.txn_date,
    currencies.transaction_currency,
    closing.books_open,
    numbers.doc_number,
    lines.sales_lines,
    tracking.tracked,
    sales_tax,
    sales.totals,
    links.keep_links,
    links.settled_balance,
    sales.email_status,
    defaults.values(ApplyTaxAfterDiscount=False),
)

_AFTER = (posting.post, links.release, links.repost_payments, links.auto_apply)

_COLUMNS = {
    "Id": "id",
    "DocNumber": "doc_number",
    "TxnDate": "txn_date",
    "CustomerRef": "customer_id",
    "TotalAmt": "total",
    "Balance": "balance",
}

INVOICE = Entity(
    name="Invoice",
    kind=EntityKind.TRANSACTION,
    source="SCRAPE qbTypes.ts; PET invoice.md; XSD Invoice",
    operations=frozenset(Operation),
    required=("CustomerRef", "Line"),
    columns=_COLUMNS,
    fields=(
        *_SALES_FIELDS,
        amount("Deposit"),
        flag("AllowOnlineCreditCardPayment"),
        flag("AllowOnlineACHPayment"),
        *read_only(
            flag("AllowIPNPayment"), flag("AllowOnlinePayment"), text("InvoiceLink")
        ),
        *known(
            "AllowOnlinePayPalPayment AllowOnlineAffirmPayment EInvoiceStatus"
            " ECloudStatusTimeStamp CfdiUse Exportation GlobalInfo invoiceStatus"
            " callToAction"
            " invoiceStatusLog InvoiceEx LessCIS PaymentDetailsMessage"
            " ConvenienceFeeDetail"
            " EnabledSurchargeInfo InvoiceLinkSecurityCode InvoiceLinkExpiryDate"
            " AutoPayEligible SchedulePayEligible ScheduledPaymentId GratuityEnabled"
            " FinancingProductType SubscriptionPaymentsSetting TxnRetainageDetail"
        ),
    ),
    rules=(
        *_FORM_RULES,
        sales.due_date,
        defaults.values(
            AllowIPNPayment=False,
            AllowOnlinePayment=False,
            AllowOnlineCreditCardPayment=False,
            AllowOnlineACHPayment=False,
        ),
    ),
    after=_AFTER,
    on_void=(closing.books_open, sales.void),
    on_delete=(closing.books_open, links.not_linked),
)

CREDIT_MEMO = Entity(
    name="CreditMemo",
    kind=EntityKind.TRANSACTION,
    source="SCRAPE qbTypes.ts; PET creditmemo.md; XSD CreditMemo. Void is not in the"
    " API",
    operations=frozenset(Operation) - {Operation.VOID},
    required=("CustomerRef", "Line"),
    columns=_COLUMNS,
    fields=(
        *_SALES_FIELDS,
        *read_only(amount("RemainingCredit")),
        ref("InvoiceRef", "Invoice"),
        *known("CreditMemoEx"),
    ),
    rules=(*_FORM_RULES, sales.remaining_credit),
    after=_AFTER,
    on_delete=(closing.books_open, links.not_linked),
)
