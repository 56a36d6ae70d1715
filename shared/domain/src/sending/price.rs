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
    match channel {
        Channel::Email => match provider {
            Provider::Resend => RESEND_EMAIL,
            Provider::Ses => SES_EMAIL,
            _ => Micros::ZERO,
        },
        Channel::Sms => match provider {
            Provider::Clicksend => CLICKSEND_SMS,
            Provider::Twilio => TWILIO_SMS,
            _ => Micros::ZERO,
        },
        Channel::Voice | Channel::Linkedin | Channel::Mail => Micros::ZERO,
    }
}
