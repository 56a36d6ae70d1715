//! Which request is for whom: `POST /hooks/{provider}[/{token}]` for providers, `/u/{token}` for recipients who leave.

use touchline_domain::events::Provider;

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// A provider's webhook (HOOK-1).
    Hook(Provider),
    /// Show the page behind an unsubscribe link; changes nothing (R27).
    UnsubscribePage(String),
    /// Unsubscribe (RFC 8058, R27).
    Unsubscribe(String),
    /// There is nothing here.
    NotFound,
    /// There is, but not for this method.
    MethodNotAllowed,
}

/// Reads method and path.
#[must_use]
pub fn route(method: &str, path: &str) -> Route {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["hooks", provider] | ["hooks", provider, _] => match provider.parse::<Provider>() {
            // The register sends nothing, so nobody can call for it.
            Ok(Provider::Dncr) | Err(_) => Route::NotFound,
            Ok(provider) if method == "POST" => Route::Hook(provider),
            Ok(_) => Route::MethodNotAllowed,
        },
        ["u", token] => match method {
            "GET" | "HEAD" => Route::UnsubscribePage((*token).to_owned()),
            "POST" => Route::Unsubscribe((*token).to_owned()),
            _ => Route::MethodNotAllowed,
        },
        _ => Route::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hook_1_each_provider_has_its_path_and_unknown_ones_have_none() {
        assert_eq!(
            route("POST", "/hooks/twilio"),
            Route::Hook(Provider::Twilio)
        );
        assert_eq!(
            route("POST", "/hooks/clicksend/s3cret"),
            Route::Hook(Provider::Clicksend)
        );
        assert_eq!(route("GET", "/hooks/twilio"), Route::MethodNotAllowed);
        assert_eq!(route("POST", "/hooks/nobody"), Route::NotFound);
        assert_eq!(route("POST", "/hooks/dncr"), Route::NotFound);
        assert_eq!(route("POST", "/hooks/twilio/a/b"), Route::NotFound);
        assert_eq!(route("POST", "/"), Route::NotFound);
    }

    #[test]
    fn r27_only_a_post_unsubscribes() {
        assert_eq!(route("GET", "/u/abc"), Route::UnsubscribePage("abc".into()));
        assert_eq!(route("POST", "/u/abc"), Route::Unsubscribe("abc".into()));
        assert_eq!(route("DELETE", "/u/abc"), Route::MethodNotAllowed);
    }
}
