"""CompanyInfo and Preferences: one of each in a company."""

from __future__ import annotations

from qbo_emulator.entities.common import address, mail, phone
from qbo_emulator.entities.entity import Entity, EntityKind, Operation
from qbo_emulator.entities.fields import (
    choice,
    day,
    flag,
    known,
    many,
    obj,
    ref,
    text,
)
from qbo_emulator.rules import addresses, preferences

__all__ = ["COMPANY_INFO", "PREFERENCES"]

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

COMPANY_INFO = Entity(
    name="CompanyInfo",
    kind=EntityKind.SINGLETON,
    source="PET companyinfo.md; XSD CompanyInfo",
    operations=frozenset({Operation.UPDATE}),
    columns={"Id": "id"},
    fields=(
        text("CompanyName", 1024),
        text("LegalName", 1024),
        address("CompanyAddr"),
        address("CustomerCommunicationAddr"),
        address("LegalAddr"),
        mail("CompanyEmailAddr"),
        mail("CustomerCommunicationEmailAddr"),
        obj("CompanyURL", *known("URI")),
        phone("PrimaryPhone"),
        day("CompanyStartDate"),
        choice("FiscalYearStartMonth", *_MONTHS),
        choice("TaxYearStartMonth", *_MONTHS),
        text("Country"),
        mail("Email"),
        obj("WebAddr", *known("URI")),
        text("SupportedLanguages"),
        text("DefaultTimeZone"),
        many("NameValue", *known("Name Value")),
        *known(
            "OtherContactInfo CompanyFileName FlavorStratum SampleFile CompanyUserId"
            " CompanyUserAdminEmail EmployerId QBVersion ShipAddr OtherAddr Mobile Fax"
            " LastImportedTime LastSyncTime MultiByteCharsSupported"
            " FifoCalculationStatus"
        ),
    ),
    rules=(addresses.iso3_countries,),
)

PREFERENCES = Entity(
    name="Preferences",
    kind=EntityKind.SINGLETON,
    source="PET preferences.md; XSD Preferences; reference 6.2",
    operations=frozenset({Operation.UPDATE}),
    columns={"Id": "id"},
    fields=(
        obj(
            "AccountingInfoPrefs",
            flag("UseAccountNumbers"),
            flag("TrackDepartments"),
            text("DepartmentTerminology"),
            flag("ClassTrackingPerTxn"),
            flag("ClassTrackingPerTxnLine"),
            choice("FirstMonthOfFiscalYear", *_MONTHS),
            choice("TaxYearMonth", *_MONTHS),
            day("BookCloseDate"),
            text("CustomerTerminology"),
            *known(
                "DefaultARAccount DefaultAPAccount RequiresAccounts"
                " AutoJournalEntryNumber"
                " TaxForm OtherContactInfo"
            ),
        ),
        obj(
            "SalesFormsPrefs",
            flag("CustomTxnNumbers"),
            flag("AllowDeposit"),
            flag("AllowDiscount"),
            flag("AllowEstimates"),
            flag("AllowServiceDate"),
            flag("AllowShipping"),
            flag("AutoApplyCredit"),
            flag("AutoApplyPayments"),
            flag("ETransactionPaymentEnabled"),
            flag("UsingProgressInvoicing"),
            ref("DefaultTerms", "Term"),
            text("DefaultShippingAccount"),
            *known(
                "CustomField DelayedCharges SalesEmailCc SalesEmailBcc"
                " EmailCopyToCompany"
                " DefaultDiscountAccount EstimateMessage ETransactionEnabledStatus"
                " ETransactionAttachPDF IPNSupportEnabled InvoiceMessage"
                " DefaultItem DefaultDeliveryMethod PrintItemWithZeroAmount"
                " DefaultShipMethodRef"
                " DefaultMarkup TrackReimbursableExpensesAsIncome UsingSalesOrders"
                " UsingPriceLevels DefaultFOB DefaultCustomerMessage"
            ),
        ),
        obj(
            "TaxPrefs",
            flag("UsingSalesTax"),
            flag("PartnerTaxEnabled"),
            ref("TaxGroupCodeRef", "TaxCode"),
            *known(
                "HideTaxManagement TaxRateRef PaySalesTax NonTaxableSalesTaxCodeRef"
                " TaxableSalesTaxCodeRef"
            ),
        ),
        obj(
            "CurrencyPrefs",
            flag("MultiCurrencyEnabled"),
            ref("HomeCurrency", "CompanyCurrency", checked=False),
        ),
        obj(
            "VendorAndPurchasesPrefs",
            flag("EnableBills"),
            flag("TrackingByCustomer"),
            flag("BillableExpenseTracking"),
            *known(
                "DefaultTerms DefaultMarkup DefaultMarkupAccount AutomaticBillPayment"
                " TPAREnabled"
                " POCustomField MsgToVendors UsingInventory UsingMultiLocationInventory"
                " DaysBillsAreDue DiscountAccountRef"
            ),
        ),
        obj(
            "ProductAndServicesPrefs",
            *known(
                "ForSales ForPurchase InventoryAndPurchaseOrder"
                " QuantityWithPriceAndRate"
                " QuantityOnHand UOM RevenueRecognition RevenueRecognitionFrequency"
            ),
        ),
        obj(
            "TimeTrackingPrefs",
            *known(
                "UseServices DefaultTimeItem BillCustomers ShowBillRateToAll"
                " WorkWeekStartDate"
                " TimeTrackingEnabled MarkTimeEntriesBillable MarkExpensesAsBillable"
            ),
        ),
        obj("OtherPrefs", many("NameValue", *known("Name Value"))),
        *known(
            "EmailMessagesPrefs PrintDocumentPrefs FinanceChargesPrefs ReportPrefs"
            " AdvancedInventoryPrefs"
        ),
    ),
    rules=(preferences.one_class_tracking, preferences.currency_stays),
)
