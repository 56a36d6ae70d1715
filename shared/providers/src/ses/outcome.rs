//! What an error of the SDK means for the sender: whether the request may have arrived (SEND-2), else what
//! SES has against it.

use std::{error::Error, time::Duration};

use aws_sdk_sesv2::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    operation::send_email::SendEmailError,
};
use touchline_engine::provider::{Refusal, SendError};

use crate::redact::redact;

type Failure = SdkError<SendEmailError, HttpResponse>;

/// The outcome that `error` stands for.
pub(super) fn of(error: &Failure) -> SendError {
    match error {
        SdkError::ConstructionFailure(_) => SendError::Unavailable {
            code: "request_not_built".to_owned(),
        },
        SdkError::TimeoutError(_) => unknown("time_out"),
        SdkError::DispatchFailure(failure) => {
            let cause = failure
                .as_connector_error()
                .map(|error| error as &dyn Error);
            match cause.map(connection) {
                Some(Connection::Never) => SendError::Unavailable {
                    code: "connect".to_owned(),
                },
                Some(Connection::NotTried) if failure.is_other() || failure.is_user() => {
                    SendError::Unavailable {
                        code: "not_dispatched".to_owned(),
                    }
                }
                _ if failure.is_timeout() => unknown("time_out"),
                _ => unknown("connection_lost"),
            }
        }
        SdkError::ServiceError(context) => {
            by_status(context.raw(), context.err()).unwrap_or_else(|| refused(context.err()))
        }
        SdkError::ResponseError(context) => {
            let status = context.raw().status().as_u16();
            match status {
                500 | 503 => unavailable(status),
                _ => unknown("unreadable_answer"),
            }
        }
        _ => unknown("sdk"),
    }
}

fn unknown(code: &str) -> SendError {
    SendError::Unknown {
        code: code.to_owned(),
    }
}

fn unavailable(status: u16) -> SendError {
    SendError::Unavailable {
        code: status.to_string(),
    }
}

/// How far a failed dispatch came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Connection {
    /// No connection stood, so no request has left.
    Never,
    /// One stood; the request may have arrived.
    Stood,
    /// The transport has no part in the failure: credentials could not be loaded, for example.
    NotTried,
}

fn connection(error: &(dyn Error + 'static)) -> Connection {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<hyper_util::client::legacy::Error>() {
            return if error.is_connect() {
                Connection::Never
            } else {
                Connection::Stood
            };
        }
        next = error.source();
    }
    Connection::NotTried
}

fn by_status(raw: &HttpResponse, error: &SendEmailError) -> Option<SendError> {
    let status = raw.status().as_u16();
    // A daily quota comes as 400: the mail can go out later.
    if status == 429 || error.is_limit_exceeded_exception() {
        let wait = raw.headers().get("retry-after");
        return Some(SendError::RateLimited {
            retry_after: wait
                .and_then(|text| text.parse().ok())
                .map(Duration::from_secs),
            code: error.code().unwrap_or("429").to_owned(),
        });
    }
    match status {
        500 | 503 => Some(unavailable(status)),
        408 | 501.. => Some(unknown(&status.to_string())),
        _ => None,
    }
}

fn refused(error: &SendEmailError) -> SendError {
    let message = error.message().unwrap_or_default();
    let refusal = match error {
        SendEmailError::AccountSuspendedException(_)
        | SendEmailError::SendingPausedException(_)
        | SendEmailError::MailFromDomainNotVerifiedException(_)
        | SendEmailError::NotFoundException(_) => Refusal::Sender,
        SendEmailError::MessageRejected(_) if message.contains("not verified") => Refusal::Sender,
        SendEmailError::BadRequestException(_) | SendEmailError::MessageRejected(_) => {
            Refusal::Content
        }
        // Signature and permission errors are not modelled by the service.
        _ => Refusal::Sender,
    };
    SendError::Rejected {
        refusal,
        code: error.code().unwrap_or("unmodelled").to_owned(),
        message: redact(message),
    }
}
