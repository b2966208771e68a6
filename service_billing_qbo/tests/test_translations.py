import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path
from odoo.tools.translate import TranslationModuleReader

ADDON = "service_billing_qbo"


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    """What translators get is what people see."""

    def test_template_holds_the_strings_of_today(self):
        """Else: setup/translations brings it up to date."""
        template = polib.pofile(file_path(f"{ADDON}/i18n/{ADDON}.pot"))
        rows = TranslationModuleReader(self.env.cr, modules=[ADDON])
        strings = {source for _module, _type, _name, _id, source, *_rest in rows}

        self.assertEqual({entry.msgid for entry in template}, strings)

    def test_people_read_their_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms([ADDON], ["fr_FR"])
        field = self.env["account.move"]._fields["qbo_status"]
        english = dict(field._description_selection(self.env))
        french = dict(field._description_selection(self.env(context={"lang": "fr_FR"})))

        self.assertEqual(french.keys(), english.keys())
        self.assertNotEqual(french["waiting"], english["waiting"])
