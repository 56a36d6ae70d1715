//! Apollo and the Do Not Call Register against the simulator over HTTP (ENR-1, DNC-1 .. DNC-3).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{apollo, dncr, fault, hasty_timeouts, look, patient, quiet, simulator};
use touchline_domain::contact::E164;
use touchline_providers::{
    apollo::PersonQuery,
    dncr::{Credentials, Dncr, WashError, WashStatus},
    http::{CallError, client},
};
use touchline_simulator::Rates;

fn query(n: usize) -> PersonQuery {
    PersonQuery {
        first_name: Some(format!("Ann{n}")),
        last_name: Some("Lee".to_owned()),
        domain: Some("example.com".to_owned()),
        ..PersonQuery::default()
    }
}

fn numbers(count: usize) -> Vec<E164> {
    (0..count)
        .map(|n| format!("+614{n:08}").parse().unwrap())
        .collect()
}

#[tokio::test]
async fn a_known_person_comes_back_typed_and_a_stranger_as_none_enr_1() {
    let rates = Rates {
        stranger: 0.5,
        ..Rates::quiet()
    };
    let sim = simulator("http://127.0.0.1:9", rates).await;
    let apollo = apollo(&sim.base_url(), patient());
    let queries: Vec<PersonQuery> = (0..10).map(query).collect();
    let people = apollo.people(&queries).await.unwrap();
    assert_eq!(people.len(), 10);
    let known = people.iter().flatten().count();
    assert!((1..10).contains(&known), "{known}");
    for (person, query) in people.iter().zip(&queries) {
        let Some(person) = person else { continue };
        assert_eq!(person.first_name, query.first_name);
        let company = person.company.as_ref().unwrap();
        assert_eq!(company.domain.as_deref(), Some("example.com"));
        assert!(company.employees.is_some());
    }
}

#[tokio::test]
async fn asking_for_a_person_twice_shows_in_the_ledger_enr_1() {
    let sim = quiet().await;
    let apollo = apollo(&sim.base_url(), patient());
    apollo.people(&[query(1)]).await.unwrap();
    assert_eq!(look(&sim, "stats").await["duplicates"], 0);
    apollo.people(&[query(1)]).await.unwrap();
    assert_eq!(look(&sim, "stats").await["duplicates"], 1);
}

#[tokio::test]
async fn more_than_ten_people_are_refused_before_the_call() {
    let apollo = apollo("http://127.0.0.1:9", patient());
    let queries: Vec<PersonQuery> = (0..11).map(query).collect();
    let outcome = apollo.people(&queries).await;
    assert!(matches!(outcome, Err(CallError::Refused { code, .. }) if code == "too_many"));
}

#[tokio::test]
async fn each_failure_of_apollo_is_named_for_what_to_do_next() {
    let sim = quiet().await;
    let base = sim.base_url();
    let apollo = apollo(&base, patient());
    fault(&sim, "apollo", "rate_limit").await;
    let outcome = apollo.people(&[query(1)]).await.unwrap_err();
    let wait = matches!(outcome, CallError::RateLimited { retry_after: Some(wait) } if wait.as_secs() == 2);
    assert!(wait, "{outcome:?}");
    fault(&sim, "apollo", "server_error").await;
    let outcome = apollo.people(&[query(1)]).await;
    assert!(matches!(outcome, Err(CallError::Unavailable { .. })));
    for kind in ["drop_after_accept", "bad_gateway"] {
        fault(&sim, "apollo", kind).await;
        let outcome = apollo.people(&[query(1)]).await;
        assert!(
            matches!(outcome, Err(CallError::Unknown { .. })),
            "{kind}: {outcome:?}"
        );
    }
    fault(&sim, "apollo", "time_out").await;
    let hasty = common::apollo(&base, client(hasty_timeouts()).unwrap());
    let outcome = hasty.people(&[query(1)]).await;
    assert!(
        matches!(outcome, Err(CallError::Unknown { .. })),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_batch_is_washed_number_by_number_dnc_1() {
    let rates = Rates {
        listed: 0.3,
        invalid: 0.1,
        ..Rates::quiet()
    };
    let sim = simulator("http://127.0.0.1:9", rates).await;
    let register = dncr(&sim.base_url(), patient());
    let numbers = numbers(200);
    let washed = register.wash("batch-1", &numbers).await.unwrap();
    assert!(washed.unanswered.is_empty());
    let order: Vec<E164> = washed
        .results
        .iter()
        .map(|result| result.number.clone())
        .collect();
    assert_eq!(order, numbers);
    for status in [WashStatus::Listed, WashStatus::Clear, WashStatus::Invalid] {
        assert!(
            washed.results.iter().any(|result| result.status == status),
            "{status:?}"
        );
    }
    assert_eq!(register.result("batch-1", &numbers).await.unwrap(), washed);
}

#[tokio::test]
async fn a_lost_answer_is_fetched_by_its_reference_and_not_washed_again_dnc_3() {
    let sim = quiet().await;
    let register = dncr(&sim.base_url(), patient());
    let numbers = numbers(3);
    fault(&sim, "dncr", "drop_after_accept").await;
    let outcome = register.wash("batch-2", &numbers).await;
    assert!(matches!(outcome, Err(WashError::Unknown(_))), "{outcome:?}");
    let washed = register.result("batch-2", &numbers).await.unwrap();
    assert_eq!(washed.results.len(), 3);
    assert_eq!(look(&sim, "stats").await["accepted"]["dncr"], 1);
}

#[tokio::test]
async fn nothing_is_clear_when_the_register_fails_dnc_3() {
    let sim = quiet().await;
    let patient_register = dncr(&sim.base_url(), patient());
    let hasty_register = dncr(&sim.base_url(), client(hasty_timeouts()).unwrap());
    let numbers = numbers(2);
    for (kind, unknown) in [
        ("server_error", false),
        ("rate_limit", false),
        ("bad_gateway", true),
        ("time_out", true),
    ] {
        fault(&sim, "dncr", kind).await;
        let register = if kind == "time_out" {
            &hasty_register
        } else {
            &patient_register
        };
        let error = register.wash("batch-3", &numbers).await.unwrap_err();
        assert_eq!(
            matches!(error, WashError::Unknown(_)),
            unknown,
            "{kind}: {error}"
        );
        assert_eq!(
            matches!(error, WashError::Unavailable(_)),
            !unknown,
            "{kind}: {error}"
        );
    }
    let unheard = patient_register.result("batch-9", &numbers).await;
    assert_eq!(unheard, Err(WashError::UnknownReference));
}

#[tokio::test]
async fn a_batch_that_cannot_be_washed_is_refused_before_the_call() {
    let register = dncr("http://127.0.0.1:9", patient());
    let outcome = register.wash("b", &numbers(201)).await;
    assert_eq!(outcome, Err(WashError::TooMany(201)));
    let foreign: E164 = "+6421123456".parse().unwrap();
    let outcome = register.wash("b", std::slice::from_ref(&foreign)).await;
    assert_eq!(outcome, Err(WashError::NotAustralian(foreign)));
}

#[tokio::test]
async fn a_wrong_account_is_the_operators_to_mend() {
    let sim = quiet().await;
    let account = Credentials {
        telemarketer_id: "not a number".to_owned(),
        wash_only_user_id: String::new(),
        password: common::secret("x"),
    };
    let register = Dncr::new(patient(), format!("{}/dncr", sim.base_url()), account);
    let outcome = register.wash("b", &numbers(1)).await;
    assert!(
        matches!(outcome, Err(WashError::Account { code: 1, .. })),
        "{outcome:?}"
    );
}
