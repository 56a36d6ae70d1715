//! The pages behind an unsubscribe link. They need no login, no script and no second step (R9, R27, R32).

use touchline_domain::message::html;

/// The page with the one button. Opening it changes nothing: mail scanners open every link.
#[must_use]
pub fn ask(token: &str) -> String {
    page(
        "Unsubscribe",
        &format!(
            "<p>Stop all messages from this sender?</p><form method=\"post\" action=\"/u/{}\">\
             <input type=\"hidden\" name=\"List-Unsubscribe\" value=\"One-Click\"><button>Unsubscribe</button></form>",
            html::escape(token)
        ),
    )
}

/// What is shown afterwards, however often it is done.
#[must_use]
pub fn done() -> String {
    page(
        "Unsubscribed",
        "<p>You will get no more messages from this sender.</p>",
    )
}

/// What is shown for a link that is not ours. It does not say why.
#[must_use]
pub fn invalid() -> String {
    page(
        "Link not valid",
        "<p>This link is not complete. Please use the one in the message, or answer the message.</p>",
    )
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">\
         <style>body{{font:16px/1.5 sans-serif;max-width:32em;margin:4em auto;padding:0 1em}}\
         button{{font:inherit;padding:.5em 1em}}</style></head><body><h1>{title}</h1>{body}</body></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_can_not_break_out_of_the_page() {
        assert!(!ask("\"><script>").contains("<script>"));
    }
}
