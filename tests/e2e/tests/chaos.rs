//! Breaks the running system and counts: whatever is killed, repeated, lost or refused, no provider accepts a touch
//! twice, no lead is lost, and no limit is exceeded (SEND-1..SEND-4, invariants 1..5). Every scenario ends in the
//! reckoning of the tables against what the simulator accepted.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use anyhow::ensure;
use chrono::TimeDelta;
use touchline_domain::{
    events::Provider,
    sending::{Reason, journey::Journey, switch::SwitchScope, touch::Outcome},
};
use touchline_e2e::{
    bed::Bed,
    cast::{Cast, WARM_DAYS, Wanted},
    hooks,
    queues::Queue,
    reckoning::{PATIENCE, has_ended},
    scenarios::Scenarios,
    senders,
    simulator::Fault,
    wait,
};
use touchline_engine::desk::{Actor, switches};

/// An unfinished message is seen again after this, in place of the template's three minutes.
const SEEN_AGAIN: Duration = Duration::from_secs(5);
/// Senders are killed once so many calls of twelve are in flight.
const IN_FLIGHT: u64 = 6;
/// A claim is held for two minutes of the stack's time; then its sender is taken for dead.
const LEASE: TimeDelta = TimeDelta::seconds(125);
/// An open circuit lets a call through again after 30 s of the stack's time.
const BREAKER: TimeDelta = TimeDelta::seconds(31);
/// What a kill switch held is looked at again within a quarter of an hour (SEQ-5).
const LOOKED_AT_AGAIN: TimeDelta = TimeDelta::minutes(16);
/// How long a round of calls that mostly fail is watched before the next begins.
const ROUND: Duration = Duration::from_secs(3);
/// A new domain may send five a day, of which one is kept for answers (LIM-1) ...
const COLD_LIMIT: usize = 4;
/// ... on each of its first three days.
const COLD: TimeDelta = TimeDelta::hours(71);

fn leads(name: &'static str, provider: Provider, leads: usize) -> Wanted {
    Wanted {
        name,
        provider,
        leads,
        warm_days: WARM_DAYS,
    }
}

/// (a) Half of the calls were accepted when their sender died, half never arrived; nobody heard an answer. A provider
/// that can be asked tells which it had; the others tell by their webhooks.
async fn senders_are_killed_in_the_middle_of_their_calls(
    bed: &Bed,
    wanted: Wanted,
    can_be_asked: bool,
) -> anyhow::Result<String> {
    let now = bed.next_morning()?;
    let cast = Cast::make(bed, wanted).await?;
    for _ in 0..wanted.leads / 2 {
        for fault in [Fault::HangAfterAccept, Fault::TimeOut] {
            bed.simulator.fail(cast.calls(), fault, 1).await?;
        }
    }
    bed.queues.put(cast.queue(), &cast.jobs(now)).await?;
    let in_flight = wait::until("half of the calls are in flight", PATIENCE, || async {
        let calls = bed.simulator.unanswered().await?;
        Ok((calls >= IN_FLIGHT).then_some(calls))
    })
    .await?;
    let killed = senders::kill(&bed.target, "send-sms")?;
    ensure!(killed > 0, "no sender was there to be killed");
    bed.advance(LEASE)?;
    recovered(bed, &cast).await?;
    let after = bed.tally(&cast).await?;
    let known = after.of(Outcome::Sent) > 0;
    ensure!(known == can_be_asked, "after the kill: {after}");
    let accepted = bed.simulator.ledger(&cast.tenant).await?.len();
    told_by_webhooks(bed, &cast, accepted).await?;
    let tally = bed.reckon(&cast).await?;
    let unknown = cast.leads.len() - accepted;
    ensure!(tally.of(Outcome::Unknown) == unknown, "{tally}");
    Ok(format!(
        "{killed} processes killed in {in_flight} calls: {after}, then {tally}"
    ))
}

/// (b) SQS delivers at least once: here, every message three times at once.
async fn every_message_is_delivered_more_than_once(bed: &Bed) -> anyhow::Result<String> {
    let now = bed.next_morning()?;
    let cast = Cast::make(bed, leads("repeated", Provider::Twilio, 15)).await?;
    let jobs = cast.jobs(now);
    let (tick, first, second) = tokio::join!(
        bed.tick(),
        bed.queues.put(cast.queue(), &jobs),
        bed.queues.put(cast.queue(), &jobs),
    );
    tick?;
    first.and(second)?;
    played_out(bed, &cast).await?;
    let left = bed.queues.count(cast.queue()).await?;
    bed.queues.put(cast.queue(), &jobs).await?;
    bed.queues.drained_to(left, cast.queue(), PATIENCE).await?;
    let tally = bed.reckon(&cast).await?;
    ensure!(tally.of(Outcome::Sent) == 15, "{tally}");
    Ok(format!("60 messages for 15 leads: {tally}"))
}

/// (c) The provider took the message and the answer got lost: never sent again, settled by the webhook (SEND-2).
async fn answers_are_lost_after_the_provider_accepted(bed: &Bed) -> anyhow::Result<String> {
    bed.next_morning()?;
    let cast = Cast::make(bed, leads("lost", Provider::Ses, 10)).await?;
    bed.simulator
        .fail(cast.calls(), Fault::DropAfterAccept, 10)
        .await?;
    bed.tick().await?;
    bed.ended(&cast).await?;
    let before = bed.tally(&cast).await?;
    ensure!(before.of(Outcome::Unknown) == 10, "{before}");
    told_by_webhooks(bed, &cast, 10).await?;
    let tally = bed.reckon(&cast).await?;
    Ok(format!("{before} before the webhooks, {tally} after"))
}

/// (d) More calls fail than succeed, in every way at once.
async fn providers_fail_in_every_way_at_high_rates(bed: &Bed) -> anyhow::Result<String> {
    let now = bed.next_morning()?;
    let cast = Cast::make(bed, leads("failing", Provider::Resend, 20)).await?;
    let shares = [
        (Fault::RateLimit, 0.25),
        (Fault::ServerError, 0.2),
        (Fault::TimeOut, 0.1),
        (Fault::DropAfterAccept, 0.15),
    ];
    bed.simulator.failing(&shares).await?;
    let mut rounds = 0;
    while !is_through(bed, &cast).await? {
        rounds += 1;
        ensure!(rounds <= 40, "not through: {}", bed.tally(&cast).await?);
        // Whoever still has to be written to gets a new message, as the hourly sweep would give it; those that come
        // back to the queue by themselves are on their way as well.
        let mut jobs = Vec::new();
        for (job, journey) in cast.jobs(now).into_iter().zip(bed.journeys(&cast).await?) {
            jobs.extend((!has_ended(&journey)).then_some(job));
        }
        bed.queues.put(cast.queue(), &jobs).await?;
        round(bed, &cast).await?;
        bed.advance(BREAKER)?;
    }
    bed.simulator.quiet().await?;
    let tally = bed.reckon(&cast).await?;
    let ended = tally.of(Outcome::Sent) + tally.of(Outcome::Unknown);
    ensure!(ended == 20, "{tally}");
    Ok(format!("7 of 10 calls failed, {rounds} rounds: {tally}"))
}

/// (e) Two schedules fire at once, and the sender may send four a day: never five.
async fn two_enqueues_run_at_once_over_a_small_limit(bed: &Bed) -> anyhow::Result<String> {
    let wanted = Wanted {
        warm_days: 0,
        ..leads("enqueued", Provider::Resend, 12)
    };
    let now = bed.next_morning()?;
    let cast = Cast::make(bed, wanted).await?;
    let (began, mut ticks) = (now, 0);
    while !is_through(bed, &cast).await? {
        ticks += 1;
        ensure!(ticks <= 6, "{}", bed.tally(&cast).await?);
        let before = bed.simulator.ledger(&cast.tenant).await?.len();
        let (one, two) = tokio::join!(bed.tick(), bed.tick());
        one.and(two)?;
        bed.settled(&cast).await?;
        let sent = bed.simulator.ledger(&cast.tenant).await?.len() - before;
        let is_cold = bed.now()? - began < COLD;
        ensure!(sent <= COLD_LIMIT || !is_cold, "{sent} in a day");
        ensure!(sent == COLD_LIMIT || ticks > 1, "{sent} on the first day");
        bed.next_morning()?;
        // What was put off is spread over the window; near its end nearly all of it is due.
        bed.advance(TimeDelta::minutes(100))?;
    }
    let tally = bed.reckon(&cast).await?;
    ensure!(tally.of(Outcome::Sent) == cast.leads.len(), "{tally}");
    Ok(format!("{tally} on {ticks} days, two enqueues each"))
}

/// (f) A kill switch is turned while a batch is being sent, and turned back (SEQ-5).
async fn a_batch_is_paused_in_the_middle_and_resumed(bed: &Bed) -> anyhow::Result<String> {
    let now = bed.next_morning()?;
    let cast = Cast::make(bed, leads("paused", Provider::Resend, 30)).await?;
    let (first, rest) = cast.split(15);
    bed.queues.put(cast.queue(), &first.jobs(now)).await?;
    wait::until("the batch has begun", PATIENCE, || async {
        let begun = bed.simulator.ledger(&cast.tenant).await?.len();
        Ok((begun > 0).then_some(()))
    })
    .await?;
    let scope = SwitchScope::Tenant(cast.tenant.clone());
    let (board, chaos) = (&bed.records.store.tenants, Actor::command("chaos"));
    let (why, at) = ("in the middle of a batch", bed.now()?);
    switches::pause(board, &chaos, &scope, why, at).await?;
    bed.settled(&first).await?;
    // What a process knows of the switches is at most 15 s old; a new process knows them at once.
    senders::kill(&bed.target, "send-email")?;
    let before = bed.simulator.ledger(&cast.tenant).await?.len();
    bed.queues.put(cast.queue(), &rest.jobs(now)).await?;
    bed.settled(&cast).await?;
    let after = bed.simulator.ledger(&cast.tenant).await?.len();
    ensure!(
        after == before,
        "{} were written to after the pause",
        after - before
    );
    let held = bed
        .journeys(&cast)
        .await?
        .iter()
        .filter(|j| is_killed(j))
        .count();
    ensure!(
        held + before == cast.leads.len(),
        "{before} sent, {held} held"
    );

    switches::resume(board, &chaos, &scope).await?;
    senders::kill(&bed.target, "send-email")?;
    bed.advance(LOOKED_AT_AGAIN)?;
    bed.tick().await?;
    bed.ended(&cast).await?;
    let tally = bed.reckon(&cast).await?;
    ensure!(tally.of(Outcome::Sent) == cast.leads.len(), "{tally}");
    Ok(format!("{before} before the pause, {held} held: {tally}"))
}

/// (g) Touches are queued, then their recipients opt out and are told so: no provider gets anything any more (REP-2).
async fn leads_opt_out_while_their_touches_are_queued(bed: &Bed) -> anyhow::Result<String> {
    let now = bed.next_morning()?;
    let cast = Cast::make(bed, leads("leaving", Provider::Resend, 8)).await?;
    let jobs = cast.jobs(now);
    let left = bed.queues.count(cast.queue()).await?;
    let held_back = Duration::from_secs(3);
    bed.queues.put_later(cast.queue(), &jobs, held_back).await?;
    for position in 0..cast.leads.len() {
        let path = hooks::unsubscribe_path(&cast, position)?;
        let answer = hooks::post(bed, &path, &[], Vec::new()).await?;
        ensure!(answer.status == 200, "unsubscribing: {answer:?}");
    }
    ensure!(
        bed.simulator.ledger(&cast.tenant).await?.is_empty(),
        "a message arrived before it was to"
    );
    bed.queues.drained_to(left, cast.queue(), PATIENCE).await?;
    bed.ended(&cast).await?;
    bed.queues.put(cast.queue(), &jobs).await?;
    bed.queues.drained_to(left, cast.queue(), PATIENCE).await?;
    let received = bed.simulator.ledger(&cast.tenant).await?.len();
    ensure!(
        received == 0,
        "{received} were written to after they had left"
    );
    bed.audited(&cast).await?;
    Ok(format!("{} left, none was written to", cast.leads.len()))
}

fn is_killed(journey: &Journey) -> bool {
    let mut enrolments = journey.enrolments.iter();
    enrolments.any(|enrolment| enrolment.waiting == Some(Reason::Killed))
}

async fn is_through(bed: &Bed, cast: &Cast) -> anyhow::Result<bool> {
    Ok(bed.journeys(cast).await?.iter().all(has_ended))
}

/// Watches until every lead is through, or for [`ROUND`]: that somebody is left open is what further rounds are for.
async fn watched(bed: &Bed, cast: &Cast) {
    let round = wait::until("a round is over", ROUND, || async {
        Ok(is_through(bed, cast).await?.then_some(()))
    });
    let _: anyhow::Result<()> = round.await;
}

/// [`watched`], then until no touch is being sent, so that time may move.
async fn round(bed: &Bed, cast: &Cast) -> anyhow::Result<()> {
    watched(bed, cast).await;
    bed.unclaimed(cast).await
}

/// Plays on until every lead is through, in steps so small that no call outlasts its claim: a message that met the claim
/// of a dead sender may hide for two minutes of the stack's time.
async fn recovered(bed: &Bed, cast: &Cast) -> anyhow::Result<()> {
    for _ in 0..30 {
        watched(bed, cast).await;
        if is_through(bed, cast).await? {
            return Ok(());
        }
        bed.advance(BREAKER)?;
        bed.tick().await?;
    }
    anyhow::bail!("not recovered: {}", bed.tally(cast).await?)
}

/// Plays on, minute by minute, until every lead is through: a number that has used up its minute sends in a later one.
async fn played_out(bed: &Bed, cast: &Cast) -> anyhow::Result<()> {
    for _ in 0..30 {
        round(bed, cast).await?;
        if is_through(bed, cast).await? {
            return Ok(());
        }
        bed.advance(TimeDelta::minutes(1))?;
        bed.tick().await?;
    }
    anyhow::bail!("not through: {}", bed.tally(cast).await?)
}

/// Lets the providers tell what they delivered, until `accepted` touches are known to be sent.
async fn told_by_webhooks(bed: &Bed, cast: &Cast, accepted: usize) -> anyhow::Result<()> {
    bed.advance(TimeDelta::minutes(10))?;
    wait::until("the webhooks tell what was sent", PATIENCE, || async {
        bed.simulator.pump().await?;
        let sent = bed.tally(cast).await?.of(Outcome::Sent);
        Ok((sent == accepted).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_twice_or_lost_whatever_breaks() {
    let bed = Bed::up("chaos").await.expect("the stack comes up");
    for queue in [Queue::Email, Queue::Sms] {
        let set = bed.queues.show_again_after(queue, SEEN_AGAIN).await;
        set.expect("the queue takes it");
    }
    let mut all = Scenarios::default();
    let (silent, asked) = (
        leads("killed", Provider::Twilio, 12),
        leads("asked", Provider::Clicksend, 12),
    );
    all.run(
        "killed mid-call",
        senders_are_killed_in_the_middle_of_their_calls(&bed, silent, false),
    )
    .await;
    all.run(
        "killed, then asked",
        senders_are_killed_in_the_middle_of_their_calls(&bed, asked, true),
    )
    .await;
    all.run(
        "delivered again",
        every_message_is_delivered_more_than_once(&bed),
    )
    .await;
    all.run(
        "answers lost",
        answers_are_lost_after_the_provider_accepted(&bed),
    )
    .await;
    all.run(
        "two enqueues",
        two_enqueues_run_at_once_over_a_small_limit(&bed),
    )
    .await;
    all.run("paused", a_batch_is_paused_in_the_middle_and_resumed(&bed))
        .await;
    all.run(
        "opted out",
        leads_opt_out_while_their_touches_are_queued(&bed),
    )
    .await;
    // Last, because what failed here comes back to its queue for a while.
    all.run(
        "failing providers",
        providers_fail_in_every_way_at_high_rates(&bed),
    )
    .await;
    all.finish().expect("every scenario holds");
}
