//! What the answers of use cases mean to the shell: what was done is printed, anything else is one line and a status.

use touchline_domain::ids::TenantId;
use touchline_engine::desk::{Changed, Created};

use crate::error::CliError;

/// What was created; `name` is for example `campaign spring`.
///
/// # Errors
/// A usage error: it exists, or its tenant does not.
pub fn created<T>(outcome: Created<T>, name: &str, tenant: &TenantId) -> Result<T, CliError> {
    match outcome {
        Created::Created(change) => Ok(change.after),
        Created::Exists => Err(CliError::usage(format!("{name} exists"))),
        Created::NoSuchTenant => Err(no_tenant(tenant)),
    }
}

/// What something is after it was to be changed.
///
/// # Errors
/// A usage error with `missing` where there is none, and where its state does not allow it; a failure where somebody else
/// changed it meanwhile.
pub fn changed<T>(
    outcome: Changed<T>,
    name: &str,
    missing: &str,
    state: impl FnOnce(&T) -> String,
) -> Result<T, CliError> {
    match outcome {
        Changed::Changed(change) => Ok(change.after),
        Changed::Unchanged(thing) => Ok(thing),
        Changed::Contended(_) => Err(contended(name)),
        Changed::Refused(thing) => Err(CliError::usage(format!("{name} is {}", state(&thing)))),
        Changed::NoSuch => Err(CliError::usage(missing)),
    }
}

/// Somebody else was faster.
#[must_use]
pub fn contended(name: &str) -> CliError {
    CliError::Failed(anyhow::anyhow!(
        "somebody else changed {name} at the same time; look at it and try again"
    ))
}

/// There is no such tenant.
#[must_use]
pub fn no_tenant(tenant: &TenantId) -> CliError {
    CliError::usage(format!("there is no tenant {tenant}"))
}

#[cfg(test)]
mod tests {
    use touchline_engine::desk::{Actor, Change};

    use super::*;

    #[test]
    fn what_the_caller_has_to_change_is_a_usage_error_and_what_met_another_one_is_a_failure() {
        let outcome = |outcome: Changed<u8>| {
            changed(
                outcome,
                "campaign c1",
                "no campaign c1",
                ToString::to_string,
            )
        };
        let done = Change {
            by: Actor::command("ana"),
            before: Some(1),
            after: 2,
        };
        assert_eq!(outcome(Changed::Changed(done)).unwrap(), 2);
        assert_eq!(outcome(Changed::Unchanged(3)).unwrap(), 3);
        let refused = outcome(Changed::Refused(4)).unwrap_err();
        assert!(matches!(&refused, CliError::Usage(text) if text == "campaign c1 is 4"));
        let missing = outcome(Changed::NoSuch).unwrap_err();
        assert!(matches!(&missing, CliError::Usage(text) if text == "no campaign c1"));
        let contended = outcome(Changed::Contended(5)).unwrap_err();
        assert!(matches!(contended, CliError::Failed(_)));
        let exists = created(
            Created::<u8>::Exists,
            "campaign c1",
            &"acme".parse().unwrap(),
        );
        assert_eq!(exists.unwrap_err().one_line(), "campaign c1 exists");
    }
}
