//! The lists of the providers that are set up. Nothing is looked for at one that is not.

use touchline_engine::ports::PortError;
use touchline_providers::lists::List;
use touchline_wiring::providers::Providers;

/// Every list of every provider that is set up.
///
/// # Errors
/// A secret cannot be read now; without it a provider would silently be left out.
pub async fn of(providers: &Providers) -> Result<Vec<List>, PortError> {
    let mut lists = Vec::new();
    if let Some(twilio) = providers.twilio().await? {
        lists.push(List::TwilioInbound(twilio.clone()));
        lists.push(List::TwilioFailures(twilio));
    }
    if let Some(clicksend) = providers.clicksend().await? {
        lists.push(List::ClicksendInbound(clicksend.clone()));
        lists.push(List::ClicksendReceipts(clicksend));
    }
    lists.extend(providers.resend().await?.map(List::ResendReceived));
    Ok(lists)
}
