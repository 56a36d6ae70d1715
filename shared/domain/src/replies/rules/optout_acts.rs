//! The act of asking us to stop, by its parts rather than by its words: contact is wished away, we are
//! sent off a place, a right is claimed, a threat is made. It complements the set phrases of `optout_ask`.

use super::{
    Cues,
    Says::{Stop, StopFirmly},
};

pub(super) const CUES: &[Cues] = &[
    // Contact is wished away, whatever it is called.
    Cues::new(
        StopFirmly,
        95,
        &[
            "no|not|nor longer|want*|wish*|need*|desire*|intend*|intention|interest|interested|keen|like|care ?any|to|of|in|for|a|anymore ?more|further|another|anymore ?such ?of ?to ?these|those|your|be|get|getting|hear|receive|receiving|see {pings}",
            "no|zero|nor desire|wish|intention|interest|need|appetite to|in|for ?be|further getting|receiving|hearing|hear|receive|get|being|be ..1 {pings}|{contacted}|from",
            "no longer ?want|wish|care|need|like ?to see|get|getting|receive|be ?any|in {pings}|these|those|them|contacted",
            "enough ?of ?these|your|the {pings} ?now|already|thanks|thank|please|for",
            "had|got|received|seen enough|plenty of ?these|your|from {pings}|you|these",
            "not ?really want*|need*|wish*|like|care|expect to ?ever|keep|continue getting|receiving|receive|get|hear|see ?any ?more ?of {pings}|these|those|from",
            "will|thats do|it|enough with|for ..1 {pings}",
            "not|never keep|continue|persist ?with|in ?on {contacting} ?me|us|this",
            "consider|treat|take|regard|deem|accept this|it|that ..5 opt|unsubscribe*|unsubscription|revocation|withdrawal|notice",
            "this is|email|message|text ?is ..3 opt|unsubscribe ?out notice|request|instruction",
            "please|kindly|sorry|sir|madam no|not ?more send|sending|message|messages|messaging|text|texts|sms|call|calls|contact|email|emails|mail|mails|calling",
            "^ no|not ?more|any send|sending|message|messages|text|texts|sms|contact|email|emails|mail|mails|calling|messaging ?me ?message|messages|text|texts|sms|email|emails ?more|again|anymore|please|thanks|thank|sir ?you $",
            "no|not ?more sending|texting|messaging|calling|emailing|contacting ?me ?anymore|more|again|please|thanks",
            "no|not want|like|need|wanting|liking ?to ?receive|get|receiving ?this|these|your|any|such|kind ?kind|type ?of|this|these {pings}|message|text|sms",
            "not want|like ?to ?receive|get ?this|these|such kind|type|sort of {things}",
            "request*|ask*|urge|beg|begging|advise|inform|informed you|u|them|your ..2 to not|stop|cease|remove|never|refrain|desist",
            "beg|begging|pray|implore you ..1 stop|leave|remove|not|quit",
            "no more|further ?of {pings}",
        ],
    ),
    // A threat, should we go on.
    Cues::new(
        StopFirmly,
        95,
        &[
            "if|next ?time i|we|you|your ..4 again|another|anymore|once|more ..8 blocking|blocked|block|complain*|legal|lawyer*|solicitor*|police|cops|sue|suing|court|acma|ftc|fcc|ico|reporting|reported|charge|invoice",
            "if|next ?time i|we|you|your ..4 again|another|anymore|once ..6 report you|this|it|u",
            "hear|get|receive from|another ?of ?you|your|these|this|email|text|message|call ?again ..3 blocking|block|reporting|report|legal|police|lawyer*",
            "{contact} me|us ?ever ?just ?one|once|another ?more|again|time ?time ~ and|or i|we|you|am|will|see",
            "{contact} me|us ?here again|once|another|one ?more ?time ~ and|or",
            "swear|promise|warning ..6 again|another|once",
            "last|final warning",
        ],
    ),
    // We are sent off a place: a list, a device, somebody's life.
    Cues::new(
        StopFirmly,
        95,
        &[
            "get|stay|keep|hop|back|fuck|piss ?right|the|well ?hell|fuck off|away|out ?of|from my|our {record}|life|screen|dms|messages|feed|linkedin",
            "take|get|leave|pull|drop|remove|keep|count|cut|exclude|omit me|us|my|our|this ..3 out|off|from ?of your|this|these|any|all|whatever|that|future|further|upcoming ..4 {list}|{pings}|{machine}",
            "take|get|leave|pull|drop|remove|cut|exclude|strike|delete|purge|wipe|erase|scrub me|us|myself|ourselves|him|her|them ..2 from|off|out ?of your",
            "forget|pretend you ..3 had|have|know|knew|got|met|saw|exist ..1 my|this|our|the|me|us",
            "bin|shred|discard|forget my|our|this ..1 number|details|email|digits|contact|address",
            "^ ?please ?just block|blacklist|blocklist|delist me|us|my|our|this",
            "please|just|kindly block|blacklist|blocklist|delist me|us|my|our|this",
        ],
    ),
    // A right is claimed.
    Cues::new(
        StopFirmly,
        96,
        &[
            "request*|require|demand|exercise|exercising|invoke|invoking ..5 erasure|deletion|unsubscription|erased|suppressed|deleted|suppression",
            "request*|require|demand ..2 removal ..3 from|immediately|of|as",
            "request*|require|demand|want|ask*|need ..4 erase|delete|remove|destroy|suppress|purge|erased|deleted|removed ..3 my|our|personal|all|any|us|me ..2 {record}",
            "my|our ..4 {record} ..3 be|is|are|get ?immediately ?permanently erased|deleted|removed|destroyed|suppressed|unsubscribed",
            "my|our consent is|was|has|ended|expired ?hereby ?now ?been withdrawn|revoked|rescinded",
            "erasure|deletion of my|our|all|any|personal",
            "tps|ctps registered|register|list|registry",
        ],
    ),
    // The same, where something else may still explain it.
    Cues::new(
        Stop,
        92,
        &[
            "do|please|and|but|kindly|again|to|just not|never ?ever|bother circle|circling|come|coming|check|checking|touch|touching|swing|bump|bumping|nudge|nudging|loop|looping|chase|chasing back|in|base|up|again|me|us",
            "do|please|and|but|kindly|again|to|just not|never ?ever|bother send|sending|forward|forwarding ?me|us anything|more|further",
            "stop|quit|cease *ing ..1 me|us|my|our|everyone|here",
            "not call|contact|text|email|mail ?me register|registry|registered",
            "said|saying|say|means|meant no more",
            "stop contact|email|text|message|call|sms|mail|send|message ?to me|us|my|our",
            "stop to|from ?send|sending {contact}|{contacting}|{things}|me|us|send|sending",
            "no ?cold soliciting|solicitation|canvassing|hawkers ?policy",
            "no ?cold email|emails|calls|solicitation|contact policy",
        ],
    ),
];
