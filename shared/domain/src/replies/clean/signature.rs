//! Removes what follows an answer: sign-off, contact block, "Sent from my iPhone", disclaimer. A postscript is the
//! writer's and stays.

const SENT_FROM: [&str; 14] = [
    "sent from my",
    "sent from mail",
    "sent from outlook",
    "sent from samsung",
    "sent from yahoo",
    "sent via",
    "sent using",
    "get outlook for",
    "envoyé de mon",
    "envoyé depuis",
    "von meinem",
    "enviado desde",
    "inviato da",
    "verzonden vanaf",
];
const SIGN_OFFS: [&str; 42] = [
    "regards",
    "kind regards",
    "warm regards",
    "best regards",
    "many thanks",
    "thanks",
    "thank you",
    "cheers",
    "best",
    "all the best",
    "best wishes",
    "sincerely",
    "yours sincerely",
    "yours faithfully",
    "yours truly",
    "warmly",
    "respectfully",
    "ta",
    "thx",
    "rgds",
    "kr",
    "br",
    "cordially",
    "with thanks",
    "thanks and regards",
    "thanks & regards",
    "with regards",
    "kindest regards",
    "thanks again",
    "thanks so much",
    "warmest regards",
    "take care",
    "cordialement",
    "mit freundlichen grüßen",
    "mit freundlichen grüssen",
    "viele grüße",
    "saludos",
    "un saludo",
    "atentamente",
    "cordiali saluti",
    "met vriendelijke groet",
    "atenciosamente",
];
const DISCLAIMERS: [&str; 18] = [
    "this email and any",
    "this e-mail and any",
    "this message and any",
    "this email is intended",
    "this message is intended",
    "the information contained in",
    "the information in this",
    "confidential",
    "privileged",
    "disclaimer",
    "if you are not the intended",
    "if you have received this",
    "please consider the environment",
    "important notice",
    "notice:",
    "this communication is",
    "the contents of this",
    "caution: this email",
];
/// How a message refers to itself, and what it says about itself.
const MESSAGES: [&str; 6] = [
    "this email",
    "this e-mail",
    "this message",
    "this mail",
    "this transmission",
    "this communication",
];
const SECRETS: [&str; 6] = [
    "confidential",
    "privileged",
    "addressee",
    "intended recipient",
    "intended only",
    "intended solely",
];
/// More lines than this are not a signature.
const MOST_LINES: usize = 14;
const LONGEST_LINE: usize = 90;

/// `text` without what follows the answer.
pub(super) fn without(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let end = (0..lines.len())
        .find(|at| ends_here(&lines, *at))
        .unwrap_or(lines.len());
    let end = contact_block(&lines[..end]).unwrap_or(end);
    let mut kept: Vec<&str> = lines[..end].to_vec();
    kept.extend(postscript(&lines[end..]));
    kept.join("\n")
}

fn ends_here(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim();
    let lower = line.to_lowercase();
    let has_answer = || lines[..at].iter().any(|l| is_substance(l));
    if matches!(line, "--" | "---" | "-- ") || line.starts_with("____") {
        return has_answer();
    }
    if SENT_FROM.iter().any(|s| lower.starts_with(s)) && line.len() < 60 {
        return has_answer();
    }
    if is_disclaimer(&lower) && (line.len() > 40 || lower == "disclaimer") {
        return has_answer();
    }
    is_sign_off(&lower)
        && lines.len() - at <= MOST_LINES
        && short_below(&lines[at + 1..])
        && has_answer()
}

/// "This message is confidential" and its like, bracketed or not.
fn is_disclaimer(lower: &str) -> bool {
    let plain = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    let of_itself = MESSAGES.iter().any(|message| plain.starts_with(message))
        && SECRETS.iter().any(|word| plain.contains(word));
    of_itself || DISCLAIMERS.iter().any(|d| plain.starts_with(d))
}

fn is_substance(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    let greeting = [
        "hi",
        "hello",
        "hey",
        "dear",
        "good morning",
        "good afternoon",
        "g'day",
    ]
    .iter()
    .any(|g| line.starts_with(g))
        && line.split_whitespace().count() <= 3;
    !line.is_empty() && !greeting
}

/// "Regards", "Thanks," or "Cheers, Bec": the words of a sign-off and at most a name.
fn is_sign_off(lower: &str) -> bool {
    SIGN_OFFS.iter().any(|sign| {
        lower.strip_prefix(sign).is_some_and(|rest| {
            let bare = rest.trim_matches(|c: char| !c.is_alphanumeric());
            let apart = !rest.starts_with(|c: char| c.is_alphanumeric());
            let named = rest.starts_with([',', '.', '!', '-', '\u{2013}'])
                || matches!(*sign, "regards" | "kind regards" | "best regards");
            apart && (bare.is_empty() || (named && bare.split_whitespace().count() <= 2))
        })
    })
}

fn short_below(lines: &[&str]) -> bool {
    lines
        .iter()
        .take_while(|l| !is_postscript(l))
        .filter(|l| l.len() > LONGEST_LINE)
        .all(|l| {
            let lower = l.to_lowercase();
            DISCLAIMERS.iter().any(|d| lower.contains(d)) || l.contains('|')
        })
}

fn postscript<'t>(lines: &[&'t str]) -> Vec<&'t str> {
    lines
        .iter()
        .skip_while(|l| !is_postscript(l))
        .copied()
        .collect()
}

fn is_postscript(line: &str) -> bool {
    let line = line.trim();
    ["PS", "P.S", "ps ", "ps:", "p.s", "Ps "]
        .iter()
        .any(|ps| line.starts_with(ps))
}

/// Where the last paragraph begins, if it is a name with ways to reach its bearer.
fn contact_block(lines: &[&str]) -> Option<usize> {
    let last = lines.iter().rposition(|l| !l.trim().is_empty())?;
    let gap = lines[..last].iter().rposition(|l| l.trim().is_empty())?;
    let block = &lines[gap + 1..=last];
    let above = lines[..gap].iter().any(|l| is_substance(l));
    let named = block.first().is_some_and(|l| is_name(l));
    let short = block.iter().all(|l| l.len() <= 70);
    let reachable = block.iter().skip(1).any(|l| is_contact_line(l));
    (above && block.len() >= 2 && named && short && reachable).then_some(gap + 1)
}

fn is_name(line: &str) -> bool {
    let head = line.split(['|', ',', '-']).next().unwrap_or("").trim();
    let words: Vec<&str> = head.split_whitespace().collect();
    (1..=4).contains(&words.len()) && words.iter().all(|w| w.starts_with(char::is_uppercase))
}

fn is_contact_line(line: &str) -> bool {
    let digits = line.bytes().filter(u8::is_ascii_digit).count();
    let lower = line.to_lowercase();
    digits >= 8
        || line.contains('@')
        || lower.contains("www.")
        || lower.contains("http")
        || lower.contains("pty ltd")
        || line.contains(" | ")
}
