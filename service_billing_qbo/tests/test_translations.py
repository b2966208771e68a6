import polib
from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path
from odoo.tools.translate import TranslationModuleReader

from ..engine.judging import Judgement, Verdict
from ..models.qbo_problem import KINDS
from ..models.qbo_problem_screens import FIXES

ADDON = "service_billing_qbo"
LANGUAGES = ["es_ES", "fr_FR"]
# The same in one of these languages as in English.
SAME_WORDS = {"Configuration"}


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    """What translators get is what people see."""

    def test_template_holds_the_strings_of_today(self):
        """Else: setup/translations brings it up to date."""
        template = polib.pofile(file_path(f"{ADDON}/i18n/{ADDON}.pot"))
        rows = TranslationModuleReader(self.env.cr, modules=[ADDON])
        strings = {source for _module, _type, _name, _id, source, *_rest in rows}

        self.assertEqual({entry.msgid for entry in template}, strings)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for language in LANGUAGES:
            cls.env["res.lang"]._activate_lang(language)
        cls.env["ir.module.module"]._load_module_terms([ADDON], LANGUAGES)
        cls.connection = cls.env["qbo.connection"]._ensure_for_company(cls.env.company)

    def test_each_kind_of_problem_is_told_in_each_language(self):
        """Its heading, what happened, what to do, and the button that leads there."""
        for kind, _label in KINDS:
            english = self.told(kind, "en_US")
            for language in LANGUAGES:
                told = self.told(kind, language)
                for part, words in english.items():
                    with self.subTest(kind=kind, language=language, part=part):
                        self.assertTrue(words)
                        if words not in SAME_WORDS:
                            self.assertNotEqual(told[part], words)

    def told(self, kind, language):
        """What people read of a problem of that kind: text by part."""
        Problem = self.env["qbo.problem"].with_context(lang=language)
        row = {
            "res_model": "account.move",
            "res_id": 1,
            "reference": "INV/1",
            "entity": "Invoice",
            "doc_number": "INV/1",
        }
        judgement = Judgement(
            Verdict.PERSON, problem_kind=kind, code="1", text="Intuit's text."
        )
        cause = Problem._cause_of(self.connection, row, judgement)
        fields = Problem.fields_get(["kind", "fix"], ["selection"])
        kinds, fixes = (dict(fields[name]["selection"]) for name in ("kind", "fix"))
        retry_all = self.env.ref("service_billing_qbo.qbo_problem_view_list")
        button = etree.fromstring(retry_all.with_context(lang=language).arch_db).find(
            "header/button[@name='action_retry_all']"
        )
        return {
            "heading": kinds[kind],
            "what happened": cause.message,
            "what to do": cause.todo,
            "button": fixes[FIXES[kind]] if kind in FIXES else button.get("string"),
        }

    def test_people_read_their_language(self):
        field = self.env["account.move"]._fields["qbo_status"]
        english = dict(field._description_selection(self.env))
        french = dict(field._description_selection(self.env(context={"lang": "fr_FR"})))

        self.assertEqual(french.keys(), english.keys())
        self.assertNotEqual(french["waiting"], english["waiting"])
