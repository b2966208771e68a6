"""The plain lists: Account, Item, Class, Department, Term, PaymentMethod."""

from __future__ import annotations

from qbo_emulator.entities.common import (
    ACTIVE,
    BALANCE,
    CREATE_UPDATE,
    address,
    name_columns,
)
from qbo_emulator.entities.entity import Entity, EntityKind
from qbo_emulator.entities.fields import (
    NAME_BREAKERS,
    amount,
    choice,
    day,
    flag,
    known,
    read_only,
    ref,
    text,
    whole,
)
from qbo_emulator.ledger import posting
from qbo_emulator.rules import accounts, defaults, items, names

__all__ = ["ACCOUNT", "CLASS", "DEPARTMENT", "ITEM", "PAYMENT_METHOD", "TERM"]

_LIST_RULES = (defaults.active, names.inactive_suffix, names.unique_name)
_FULL_NAME = read_only(text("FullyQualifiedName").where(), whole("Level"))

ACCOUNT = Entity(
    name="Account",
    kind=EntityKind.LIST,
    source="ABO account.md; XSD Account",
    operations=CREATE_UPDATE,
    display="Name",
    columns={**name_columns("Name"), "CurrentBalance": BALANCE},
    balances=("CurrentBalance", "CurrentBalanceWithSubAccounts"),
    fields=(
        text("Name", 100, '":').where(),
        flag("SubAccount").where(),
        ref("ParentRef", "Account"),
        text("Description", 100).where(),
        *_FULL_NAME,
        ACTIVE,
        choice(
            "Classification", "Asset", "Equity", "Expense", "Liability", "Revenue"
        ).where(),
        choice("AccountType", *accounts.CLASSIFICATION).where(),
        text("AccountSubType").where(),
        text("AcctNum", 20).where(),
        *read_only(
            amount("CurrentBalance").where(), amount("CurrentBalanceWithSubAccounts")
        ),
        ref("CurrencyRef", "CompanyCurrency", checked=False),
        ref("TaxCodeRef", "TaxCode"),
        *known(
            "AccountAlias TxnLocationType AccountPurposes AcctNumExtn BankNum"
            " OpeningBalance"
            " OpeningBalanceDate TaxAccount OnlineBankingEnabled FIName JournalCodeRef"
        ),
    ),
    rules=(
        *_LIST_RULES,
        names.levels("SubAccount"),
        accounts.classification,
        defaults.home_currency,
    ),
    after=(posting.follow_parent,),
)

ITEM = Entity(
    name="Item",
    kind=EntityKind.LIST,
    source="SCRAPE qbTypes.ts; PET item.md; XSD Item",
    operations=CREATE_UPDATE,
    display="Name",
    columns=name_columns("Name"),
    fields=(
        text("Name", 100, NAME_BREAKERS).where(),
        text("Sku", 100).where(),
        text("Description", 4000).where(),
        ACTIVE,
        flag("SubItem").where(),
        ref("ParentRef", "Item").where(),
        *_FULL_NAME,
        flag("Taxable").where(),
        flag("SalesTaxIncluded"),
        amount("UnitPrice").where(),
        choice(
            "Type", "Service", "NonInventory", "Inventory", "Category", "Group"
        ).where(),
        ref("IncomeAccountRef", "Account"),
        text("PurchaseDesc", 1000),
        flag("PurchaseTaxIncluded"),
        amount("PurchaseCost").where(),
        ref("ExpenseAccountRef", "Account"),
        ref("AssetAccountRef", "Account"),
        ref("PrefVendorRef", "Vendor"),
        flag("TrackQtyOnHand"),
        amount("QtyOnHand"),
        day("InvStartDate"),
        amount("ReorderPoint"),
        ref("SalesTaxCodeRef", "TaxCode"),
        ref("PurchaseTaxCodeRef", "TaxCode"),
        ref("ClassRef", "Class"),
        *known(
            "PercentBased RatePercent PaymentMethodRef UOMSetRef COGSAccountRef AvgCost"
            " QtyOnPurchaseOrder QtyOnSalesOrder ManPartNum DepositToAccountRef"
            " BuildPoint"
            " PrintGroupedItems SpecialItem SpecialItemType ItemGroupDetail"
            " ItemAssemblyDetail AbatementRate ReverseChargeRate ServiceType"
            " ItemCategoryType ItemEx TaxClassificationRef UQCDisplayText UQCId Source"
            " DeferredRevenue CustomExtensions"
        ),
    ),
    rules=(*_LIST_RULES, names.levels("SubItem"), items.by_type),
)

CLASS = Entity(
    name="Class",
    kind=EntityKind.LIST,
    source="SCRAPE qbTypes.ts; XSD Class",
    operations=CREATE_UPDATE,
    display="Name",
    plural="Classes",
    columns=name_columns("Name"),
    fields=(
        text("Name", 100, NAME_BREAKERS).where(),
        flag("SubClass").where(),
        ref("ParentRef", "Class"),
        *_FULL_NAME,
        ACTIVE,
        *known("ClassEx"),
    ),
    rules=(*_LIST_RULES, names.levels("SubClass")),
)

DEPARTMENT = Entity(
    name="Department",
    kind=EntityKind.LIST,
    source="ABO department.md; XSD Department",
    operations=CREATE_UPDATE,
    display="Name",
    columns=name_columns("Name"),
    fields=(
        text("Name", 100, NAME_BREAKERS).where(),
        flag("SubDepartment").where(),
        ref("ParentRef", "Department"),
        *_FULL_NAME,
        ACTIVE,
        address("Address"),
        *known("DepartmentEx"),
    ),
    rules=(*_LIST_RULES, names.levels("SubDepartment")),
)

TERM = Entity(
    name="Term",
    kind=EntityKind.LIST,
    source="PET term.md; XSD Term",
    operations=CREATE_UPDATE,
    display="Name",
    columns=name_columns("Name"),
    fields=(
        text("Name", 31).where(),
        ACTIVE,
        choice("Type", "STANDARD", "DATE_DRIVEN").where(),
        amount("DiscountPercent"),
        whole("DueDays").where(),
        whole("DiscountDays"),
        whole("DayOfMonthDue"),
        whole("DueNextMonthDays"),
        whole("DiscountDayOfMonth"),
        *known("SalesTermEx"),
    ),
    rules=(*_LIST_RULES, items.term_type),
)

PAYMENT_METHOD = Entity(
    name="PaymentMethod",
    kind=EntityKind.LIST,
    source="SCRAPE qbTypes.ts; XSD PaymentMethod",
    operations=CREATE_UPDATE,
    display="Name",
    columns=name_columns("Name"),
    fields=(
        text("Name", 31).where(),
        ACTIVE,
        choice("Type", "CREDIT_CARD", "NON_CREDIT_CARD").where(),
        *known("PaymentMethodEx"),
    ),
    rules=(*_LIST_RULES, defaults.values(Type="NON_CREDIT_CARD")),
)
