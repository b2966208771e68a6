"""Customer, Vendor, Employee: they share one space of names."""

from __future__ import annotations

from qbo_emulator.entities.common import (
    BALANCE,
    CREATE_UPDATE,
    CUSTOM_FIELDS,
    address,
    name_columns,
    person,
)
from qbo_emulator.entities.entity import Entity, EntityKind
from qbo_emulator.entities.fields import (
    amount,
    choice,
    day,
    flag,
    known,
    masked,
    read_only,
    ref,
    text,
    whole,
)
from qbo_emulator.ledger import posting
from qbo_emulator.rules import currencies, defaults, names
from qbo_emulator.rules.exemption import exemption

__all__ = ["CUSTOMER", "EMPLOYEE", "VENDOR"]

_NAME_SPACE = ("Customer", "Vendor", "Employee")
#: 1 is Federal government, 9 is Resale, 15 is Foreign diplomat (reference 6.3).
_EXEMPTION_REASONS = tuple(str(number) for number in range(1, 16))
_NAME_RULES = (
    names.person_names,
    defaults.active,
    names.inactive_suffix,
    names.unique_name,
)

CUSTOMER = Entity(
    name="Customer",
    kind=EntityKind.LIST,
    source="ABO customer.md; SCRAPE qbTypes.ts; XSD Customer",
    operations=CREATE_UPDATE,
    display="DisplayName",
    name_space=_NAME_SPACE,
    plural="Names",
    columns={**name_columns("DisplayName"), "Balance": BALANCE},
    balances=("Balance", "BalanceWithJobs"),
    fields=(
        flag("Taxable").where(),
        address("BillAddr"),
        address("ShipAddr"),
        address("OtherAddr"),
        text("Notes", 2000).where(),
        flag("Job").where(),
        flag("BillWithParent").where(),
        ref("ParentRef", "Customer").where(),
        *read_only(whole("Level")),
        *person(),
        ref("SalesTermRef", "Term"),
        ref("PaymentMethodRef", "PaymentMethod"),
        ref("CurrencyRef", "CompanyCurrency", checked=False),
        choice("PreferredDeliveryMethod", "Print", "Email", "None"),
        text("ResaleNum", 16),
        choice("TaxExemptionReasonId", *_EXEMPTION_REASONS),
        masked(text("PrimaryTaxIdentifier")),
        masked(text("SecondaryTaxIdentifier")),
        text("BusinessNumber"),
        text("GSTIN", 15),
        text("GSTRegistrationType", 15),
        flag("IsProject"),
        day("OpenBalanceDate"),
        *read_only(amount("Balance").where(), amount("BalanceWithJobs")),
        ref("ARAccountRef", "Account"),
        CUSTOM_FIELDS,
        *known(
            "ContactName AltContactName RootCustomerRef CustomerTypeRef SalesRepRef"
            " TaxGroupCodeRef TaxRateRef CCDetail PriceLevelRef CreditLimit AcctNum"
            " OverDueBalance TotalRevenue TotalExpense JobInfo TDSEnabled CustomerEx"
            " IsCISContractor ClientCompanyId ClientEntityId TaxRegime V4IDPseudonym"
        ),
        *read_only(*known("Source")),
    ),
    rules=(
        *_NAME_RULES,
        names.levels(),
        currencies.customer_currency,
        defaults.values(
            Taxable=True,
            Job=False,
            BillWithParent=False,
            PreferredDeliveryMethod="None",
            IsProject=False,
        ),
        exemption,
    ),
    after=(posting.follow_parent,),
)

VENDOR = Entity(
    name="Vendor",
    kind=EntityKind.LIST,
    source="XSD Vendor; names only as far as they collide",
    operations=CREATE_UPDATE,
    display="DisplayName",
    name_space=_NAME_SPACE,
    plural="Names",
    columns=name_columns("DisplayName"),
    fields=(
        *person(),
        address("BillAddr"),
        address("ShipAddr"),
        address("OtherAddr"),
        text("Notes", 4000),
        text("AcctNum", 100),
        flag("Vendor1099"),
        ref("TermRef", "Term"),
        ref("CurrencyRef", "CompanyCurrency", checked=False),
        *read_only(amount("Balance")),
        *known(
            "ContactName AltContactName TaxCountry TaxIdentifier TaxIdEffectiveDate"
            " BusinessNumber ParentRef VendorTypeRef PrefillAccountRef BillRate"
            " OpenBalanceDate CreditLimit T4AEligible T5018Eligible CurrencyRef"
            " APAccountRef TaxReportingBasis VendorPaymentBankDetail CostRate"
        ),
    ),
    rules=(
        *_NAME_RULES,
        defaults.home_currency,
        defaults.values(Balance=0, Vendor1099=False),
    ),
)

EMPLOYEE = Entity(
    name="Employee",
    kind=EntityKind.LIST,
    source="XSD Employee; names only as far as they collide",
    operations=CREATE_UPDATE,
    display="DisplayName",
    name_space=_NAME_SPACE,
    plural="Names",
    columns=name_columns("DisplayName"),
    fields=(
        *person(),
        address("PrimaryAddr"),
        address("OtherAddr"),
        text("EmployeeNumber", 100),
        day("BirthDate"),
        day("HiredDate"),
        day("ReleasedDate"),
        flag("BillableTime"),
        amount("BillRate"),
        amount("CostRate"),
        *known("EmployeeType SSN Gender UseTimeEntry EmployeeEx Notes"),
    ),
    rules=(*_NAME_RULES, defaults.values(BillableTime=False)),
)
