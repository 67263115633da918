//! Doctypes of ERPNext and of a fibre ISP's field service, ready to use.
//!
//! The structs of ERPNext's doctypes have the fields that exist on version 15 and later alike: a
//! list asks for each of them, and a field that a site does not know is refused. Others, custom
//! fields among them, are kept in `extra` when a document is read, and sent with `set`.

mod address;
mod communication;
mod contact;
mod customer;
mod dispatch_job;
mod dynamic_link;
mod flow;
mod hd_ticket;
mod issue;
mod item;
mod lead;
mod ledger;
mod payment_entry;
mod quotation;
mod sales_invoice;
mod service_equipment;
mod service_location;
mod subscription;
mod tag;
mod technician;

pub use address::{Address, AddressPatch, AddressType};
pub use communication::{
    Communication, CommunicationLink, CommunicationMedium, CommunicationPatch, CommunicationStatus,
    CommunicationType, SentOrReceived,
};
pub use contact::{Contact, ContactEmail, ContactPatch, ContactPhone, ContactStatus};
pub use customer::{Customer, CustomerCreditLimit, CustomerPatch, CustomerType};
pub use dispatch_job::{
    DispatchJob, DispatchJobPatch, JobAssistant, JobChecklistItem, JobMaterial, JobPriority,
    JobStatus, JobType,
};
pub use dynamic_link::DynamicLink;
pub use flow::{FlowRun, FlowRunPatch, FlowRunStatus, FlowTemplate, FlowTemplatePatch};
pub use hd_ticket::{AgreementStatus, HdTicket, HdTicketPatch};
pub use issue::{Issue, IssuePatch, IssueStatus};
pub use item::{Item, ItemPatch};
pub use lead::{CrmNote, Lead, LeadPatch, LeadStatus, QualificationStatus};
pub use ledger::{Account, AccountPatch, GlEntry, GlEntryPatch, RootType, YesNo};
pub use payment_entry::{
    PaymentEntry, PaymentEntryPatch, PaymentEntryReference, PaymentEntryStatus, PaymentType,
};
pub use quotation::{OrderType, Quotation, QuotationItem, QuotationPatch, QuotationStatus};
pub use sales_invoice::{
    ChargeType, SalesInvoice, SalesInvoiceItem, SalesInvoicePatch, SalesInvoiceStatus,
    SalesTaxesAndCharges,
};
pub use service_equipment::{
    Acs, EquipmentType, ServiceEquipment, ServiceEquipmentPatch, ServiceEquipmentStatus,
};
pub use service_location::{
    DropType, ServiceLocation, ServiceLocationPatch, ServiceLocationStatus,
};
pub use subscription::{
    BillingInterval, GenerateInvoiceAt, PriceDetermination, Subscription, SubscriptionPatch,
    SubscriptionPlan, SubscriptionPlanDetail, SubscriptionPlanPatch, SubscriptionStatus,
};
pub use tag::{Tag, TagLink, TagLinkPatch, TagPatch};
pub use technician::{Technician, TechnicianPatch, TechnicianSkill};
