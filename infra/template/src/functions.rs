//! What each function declares, in the order of the template. Nothing here depends on a function: only the one file with
//! its declaration is read.

use touchline_wiring::needs::Needs;

macro_rules! functions {
    ($($module:ident from $declaration:literal,)*) => {
        $(#[path = $declaration] mod $module;)*

        /// Every function.
        pub const ALL: &[&Needs] = &[$(&$module::NEEDS),*];
    };
}

functions! {
    webhook_intake from "../../../functions/webhook-intake/src/needs.rs",
    import_leads from "../../../functions/import-leads/src/needs.rs",
    enrich_leads from "../../../functions/enrich-leads/src/needs.rs",
    enqueue from "../../../functions/enqueue/src/needs.rs",
    send_email from "../../../functions/send-email/src/needs.rs",
    send_sms from "../../../functions/send-sms/src/needs.rs",
    delivery_events from "../../../functions/delivery-events/src/needs.rs",
    reply_classifier from "../../../functions/reply-classifier/src/needs.rs",
    dncr_rewash from "../../../functions/dncr-rewash/src/needs.rs",
    pool_capacity from "../../../functions/pool-capacity/src/needs.rs",
    message_poll from "../../../functions/message-poll/src/needs.rs",
    linkedin_sync from "../../../functions/linkedin-sync/src/needs.rs",
}
