//! Sets of words that many phrases share, by name.
//! A name that is not here is an empty set, which the tests of the phrases refuse.

/// The words of the set `name`, separated by `|`.
pub(in crate::replies) fn named(name: &str) -> &'static str {
    SETS.iter()
        .find(|(set, _)| *set == name)
        .map_or("", |(_, words)| words)
}

const SETS: &[(&str, &str)] = &[
    ("striking", "take|drop|cross|strike|cut"),
    ("me", "me|us|my|our|mine|myself|ourselves|him|her|his|them"),
    ("my", "my|our|this|that|the|these|his|her|their|mine"),
    (
        "your",
        "your|the|this|that|these|any|all|every|whatever|which|such|you",
    ),
    (
        "contact",
        "contact|text|email|message|call|ring|phone|write|dm|mail|spam|bother|harass|pester|disturb|\
         solicit|approach|bug|annoy|hassle|hound|ping|chase|sms|pm|whatsapp|pitch|telephone|inmail|\
         correspond|communicate|badger|stalk|trouble",
    ),
    (
        "contacting",
        "contacting|texting|emailing|messaging|calling|ringing|phoning|writing|dming|mailing|spamming|\
         bothering|harassing|pestering|disturbing|soliciting|approaching|bugging|annoying|hassling|\
         hounding|pinging|chasing|sending|smsing|bombarding|flooding|badgering|stalking|selling|\
         pitching|telephoning|cold|advertising|communicating|marketing|blasting|whatsapping|inmailing|\
         pushing|clogging|troubling",
    ),
    (
        "contacted",
        "contacted|texted|emailed|messaged|called|rung|phoned|mailed|spammed|bothered|harassed|\
         disturbed|solicited|approached|pinged|pitched|marketed|sold|reached|telephoned|bugged|\
         pestered|included|subscribed|added",
    ),
    (
        "things",
        "emails|email|texts|text|messages|message|calls|contact|spam|mail|junk|crap|shit|\
         correspondence|communication|communications|marketing|sms|newsletters|newsletter|promotions|\
         promotional|advertising|ads|dms|notifications|pitches|mailings|mailing|solicitations|\
         rubbish|garbage|stuff|bullshit|mails|promos|spamming|outreach|mailouts|alerts|reminders|\
         solicitation|inmails|inmail|advertisements|blasts|followups|followup|nudges|robocalls|robotexts",
    ),
    // Messages that can be counted; beside them "marketing" would also be what a writer buys or sells.
    (
        "pings",
        "emails|texts|messages|calls|spam|newsletters|dms|followups|followup|inmails|mails|mailings|\
         mailouts|promos|pitches|notifications|reminders|blasts|robocalls|robotexts|communications|\
         correspondence|solicitations|mailers|circulars|spams|voicemails|junk|nudges|pings|pokes|\
         catalogues|catalogs|flyers|brochures|phonecalls|smses|invites|approaches",
    ),
    (
        "machine",
        "automation|automations|workflow|workflows|drip|mailer|mailers|machine|spreadsheet|pipeline|\
         leads|lead|prospect|prospects|prospecting|autoresponder|robot|bot|dialler|dialer|marketing|thing|\
         circulation|round|rounds|outbound|radar|broadcast|broadcasts|whatever|thread|tool|schedule",
    ),
    (
        "list",
        "list|lists|database|databases|db|mailing|system|systems|records|file|files|crm|campaign|\
         campaigns|sequence|cadence|distribution|newsletter|register|books|contacts|outreach|funnel|\
         subscription|subscriptions|rotation|feed|group|mailout|mailouts|mailshot|mailshots|circulars|bulletin|bulletins|broadcasts|directory|emails|texts|messages|\
         communications|mailings|spam|roster|log|verteiler",
    ),
    (
        "record",
        "number|phone|email|emails|details|contact|information|data|name|address|addresses|record|\
         records|personal|profile|account|subscription|entry|mobile|cell|digits|numbers|mailbox|\
         inbox|company|line|contacts|no|nos|id",
    ),
    (
        "you",
        "you|guys|people|company|they|everyone|mate|lot|folks|team",
    ),
    (
        "swear",
        "fucking|bloody|damn|goddamn|freaking|flaming|fuck|bleeding|effing|shitting",
    ),
    (
        "talk",
        "chat|talk|speak|call|meet|meeting|discuss|catch|conversation|zoom|coffee|demo|connect|\
         phone|beer|lunch|ring|teams|facetime|walkthrough",
    ),
    (
        "slot",
        "@time|@day|@date|morning|afternoon|evening|week|weekend|later|noon|soon|anytime|lunch|\
         weekday|month",
    ),
    (
        "supplier",
        "provider|supplier|vendor|agency|accountant|bookkeeper|system|solution|software|tool|\
         someone|somebody|guy|guys|company|team|partner|person|people|contractor|platform|broker|\
         consultant|lawyer|one|service|crm|developer|bloke|firm|contract|crew|arrangement|setup|\
         arrangements|product|process|manager|staff|place|incumbent|electrician|plumber|cleaner|\
         marketer|designer|advisor|adviser|specialist|mob|relationship|agreement|package",
    ),
    (
        "boss",
        "boss|manager|wife|husband|partner|accountant|director|owner|cfo|ceo|coo|cto|cmo|cio|\
         assistant|secretary|colleague|daughter|son|brother|sister|dad|father|mother|mum|mom|head|\
         lead|vp|president|bookkeeper|team|department|office|receptionist|supervisor|principal|\
         foreman|pa|ea|admin|marketing|procurement|purchasing|finance|accounts|hr|it|sales|\
         operations|agent|lawyer|solicitor|guy|lady|foreperson|gm|chairman|treasurer|controller|girl|missus|offsider|bookkeepers|landlord|committee|board|hubby|mate|purchase|partnerships|partnership|growth|commercial|supply|facilities|tenders|\
         comms|communications|talent|payroll|digital|ecommerce|brand|events|buyer|buyers|officer|chief",
    ),
    // What can be sent; a price is asked for.
    (
        "material",
        "more|information|details|some|something|brochure|proposal|deck|link|it|overview|\
         pdf|summary|whatever|samples|materials|your|that|them|flyer|document|documents|docs|\
         stuff|slides|one|quote",
    ),
    (
        "more",
        "more|information|details|some|something|brochure|proposal|deck|over|through|pricing|\
         prices|quote|link|it|everything|overview|pdf|summary|whatever|samples|materials|across|\
         your|that|them|examples|flyer|document|documents|docs|stuff|slides|one|away",
    ),
];
