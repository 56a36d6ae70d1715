//! `touchline dlq`: what died is listed, shown without its words, and redriven once its cause is mended (SEND-3).

use anyhow::{Context as _, ensure};
use touchline_cli::commands::dlq::{self, DeadLetters, DlqArgs, Redriven, What, Which};
use touchline_domain::{events::Provider, sending::touch::Outcome};
use touchline_e2e::{bed::Bed, cast::Cast, queues::Queue, reckoning::PATIENCE, wait};
use touchline_stack::args::Global;

use crate::poison::POISON;

/// After the poison of the scenario before: a good message that nobody could handle either.
pub async fn are_listed_shown_and_redriven(bed: &Bed) -> anyhow::Result<String> {
    bed.next_morning()?;
    let wanted = crate::leads("nameless", Provider::Resend, 1);
    let cast = Cast::without_branding(bed, wanted).await?;
    bed.tick().await?;
    let poison = POISON.len();
    let dead = |count: usize| async move {
        let what = format!("{count} e-mail messages are dead");
        wait::until(&what, PATIENCE, || async {
            let there = bed.queues.dead(Queue::Email).await?;
            Ok((there == count as u64).then_some(()))
        })
        .await
    };
    dead(poison + 1).await?;

    let letters = DeadLetters::open(&bed.target).await.map_err(crate::told)?;
    let listed = dlq::list(&letters).await?;
    let row = listed.iter().find(|row| row.queue == "email");
    let row = row.context("the e-mail queue is not in the list")?;
    ensure!(
        row.messages == poison + 1 && row.oldest.is_some(),
        "{row:?}"
    );

    let email = letters.find("email-dlq").map_err(crate::told)?;
    let shown = letters.look(email, 100).await?;
    let text = serde_json::to_string(&shown)?;
    ensure!(!text.contains("61491570156"), "a body is shown: {text}");
    let reasons = shown.iter().filter(|l| l.contents.reason.is_some()).count();
    ensure!(
        reasons == poison,
        "{reasons} of {poison} say what is wrong: {text}"
    );
    ensure!(shown.iter().all(|letter| letter.receives >= 5), "{text}");
    let ours = shown
        .iter()
        .find(|letter| letter.contents.about.get("tenant") == Some(&cast.tenant.to_string()));
    let ours = ours.context("the good message is not shown")?.id.clone();
    ensure!(
        letters.look(email, 2).await?.len() == 2,
        "the limit is not kept"
    );

    cast.brand(bed).await?;
    let done = letters.redrive(email, &Which::One(ours.clone())).await?;
    ensure!(
        done == Redriven {
            redriven: 1,
            stayed: 0
        },
        "{done:?}"
    );
    bed.ended(&cast).await?;
    let tally = bed.reckon(&cast).await?;
    ensure!(tally.of(Outcome::Sent) == 1, "{tally}");
    let again = letters.redrive(email, &Which::One(ours)).await;
    ensure!(again.is_err(), "it was redriven twice: {again:?}");

    let all = letters.redrive(email, &Which::All).await?;
    ensure!(all.redriven == poison && all.stayed == 0, "{all:?}");
    dead(poison).await?;
    commands_print(What::List).await?;
    commands_print(What::Show {
        queue: "email".into(),
        limit: 1,
    })
    .await?;
    Ok(format!(
        "{} dead, one mended and sent, {poison} died again",
        poison + 1
    ))
}

/// The commands themselves, as somebody would type them.
async fn commands_print(what: What) -> anyhow::Result<()> {
    let global = Global {
        stack: "faults".into(),
        aws: false,
        json: true,
    };
    dlq::run(&global, &DlqArgs { what })
        .await
        .map_err(crate::told)
}
