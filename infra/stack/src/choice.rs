//! Arguments that are one of a few names. Help lists the names, and so does the error about another one.

use std::{error::Error, str::FromStr};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use strum::IntoEnumIterator;

/// Parses the name of one of an enum's variants.
#[must_use]
pub fn one_of<T>() -> impl TypedValueParser<Value = T>
where
    T: IntoEnumIterator + FromStr + Into<&'static str> + Clone + Send + Sync + 'static,
    T::Err: Error + Send + Sync + 'static,
{
    PossibleValuesParser::new(T::iter().map(Into::<&'static str>::into))
        .try_map(|name| name.parse::<T>())
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use touchline_domain::inbox::CallOutcome;

    use super::*;

    #[derive(Debug, Parser)]
    struct Asked {
        #[arg(value_parser = one_of::<CallOutcome>())]
        outcome: CallOutcome,
    }

    #[test]
    fn another_name_is_refused_with_the_names_that_there_are() {
        let taken = Asked::try_parse_from(["asked", "call_back"]).unwrap();
        assert_eq!(taken.outcome, CallOutcome::CallBack);
        let refused = Asked::try_parse_from(["asked", "callback"]).unwrap_err();
        assert!(refused.to_string().contains("call_back"), "{refused}");
    }
}
