//! List prices of a touch by provider, in micro-units of USD (COST-1). A price in the provider's answer takes
//! precedence.

use crate::{channel::Channel, events::Provider, money::Micros};

/// Resend, 50,000 e-mails for USD 20.
const RESEND_EMAIL: Micros = Micros(400);
/// Amazon SES, USD 0.10 per 1,000.
const SES_EMAIL: Micros = Micros(100);
/// ClickSend, one segment to Australia.
const CLICKSEND_SMS: Micros = Micros(50_000);
/// Twilio, one segment to Australia.
const TWILIO_SMS: Micros = Micros(51_500);

/// The list price of one message.
#[must_use]
pub fn list_price(provider: Provider, channel: Channel) -> Micros {
    match (provider, channel) {
        (Provider::Resend, Channel::Email) => RESEND_EMAIL,
        (Provider::Ses, Channel::Email) => SES_EMAIL,
        (Provider::Clicksend, Channel::Sms) => CLICKSEND_SMS,
        (Provider::Twilio, Channel::Sms) => TWILIO_SMS,
        _ => Micros::ZERO,
    }
}
