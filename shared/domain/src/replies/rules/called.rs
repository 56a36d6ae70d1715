//! Says they rang the number that we published (REP-1).

use super::{
    Cues,
    Says::{For, NotFor},
};
use crate::replies::intent::Intent::{
    AngryOrComplaint, CalledPhoneLine as Called, MeetingInterest, NotInterested, OutOfOffice,
    PositiveEngagement, Question, WrongPerson,
};

pub(super) const CUES: &[Cues] = &[
    Cues::new(
        For(Called),
        93,
        &[
            "i|we|just|have|already|also|and|then|so|did|only|ive|has|had|wife|husband|tried|she|he|assistant|yesterday|today|earlier|morning|^ ?just ?already ?also ?have ?actually ?now ?even called|rang|phoned|dialled|dialed|telephoned|rung|buzzed ?you|your|u|the|that|this|back|up|in|ya|earlier|today|yesterday|but|twice|on|number|line|office|again|now|and|@num|before|phone|to|several|three|a|last|a|this",
            "^ ?just called|rang|phoned|dialled|dialed|telephoned|rung ?you|your|u|the|that|this|back|earlier|today|yesterday|but|twice|number|office|ya|no|again|and",
            "tried|trying|attempted ?to ?to ?calling|call|ring|phone|ringing|phoning|dial|reach|reaching|telephone calling|call|ring|phone|ringing|phoning|dial|dialling|telephone|your|you|reach|reaching|back|the|that|this|u ?your|you|the|number|office|line|phone|on|u|back|that",
            "tried|trying ..3 number|line|phone|office|landline",
            "left|leaving|leave ..3 voicemail|voice|vm|answering|voicemails",
            "left ..2 message|msg|messages ..6 phone|voicemail|machine|receptionist|office|line|lady|bot|assistant|number",
            "left ..1 you|u|your|a|with ..1 ?a message|voicemail",
            "gave|given|giving ?you|u|your|ya|that|the ..4 call|ring|buzz|bell|tinkle",
            "no one|body ?ever answered|picked|answers|answering|picks",
            "no answer",
            "nobody|noone|none|no ?one|body ?is|ever pick|answer|picking|answering|attend|attending|respond|responded",
            "i|we call|calling|ring|ringing|phone|dial ..3 but|and|many ..2 nobody|no|noone|not",
            "nobody|noone ?ever answered|picked|answers|answering|picks|there",
            "rang|rings|went|goes|ring|going|ringing|straight|diverted|just ..1 out|through|straight|dead|voicemail|engaged|busy ?to ?to voicemail|message",
            "goes|went|going|rang|straight|through ..2 to voicemail|message|machine|answering",
            "rang out",
            "got|get|hit|reached ..2 voicemail|answering|machine|engaged|disconnected|recorded|busy",
            "could|can|did|would|unable not|to ..1 get through|hold|answer",
            "could|can not ?even get through",
            "not get through",
            "on hold ..2 @num|for|minutes|hour|ages|too|forever|and|with|music",
            "number|line|phone ..4 disconnected|dead|engaged|busy|not|out|invalid|rings|ringing|does|switched|off|never ..2 connected|working|work|service|in|answered|ring|out|connect",
            "number|line|phone ..3 disconnected|dead|engaged|rings|rang|busy",
            "your|the|that number|line|phone ..3 not|never work*|answer*|connect*|ring*|valid",
            "spoke|spoken|talked|chatted ..2 to|with ..4 phone|receptionist|team|bot|office|earlier|today|yesterday|ai|assistant|call|line|reception|girl|lady|guy|desk|rep|colleague|someone|somebody|@name|operator|voice|robot|agent|support",
            "returning|returned your|a|missed|the|ur ..2 call|calls|voicemail",
            "call|ring|phoned|called|rang you|your back earlier|yesterday|today|but|and",
            "called|rang|phoned back ..4",
            "missed ..3 call ..4 from|you|your|u|number|@num|earlier|today",
            "had ..2 missed call",
            "phone tag",
            "called|rang|phoned|dialled|dialed ..4 number|line|phone|office|reception|landline|hotline|1300|1800|mobile|helpline|answer|answered|voicemail",
            "hung up ?on ?me|us|before",
            "call dropped|cut|disconnected|got",
            "line dropped|cut|dead|engaged|busy",
            "your ..1 phone|number|line ..1 is|are|was|keeps|just|not ..1 off|engaged|busy|ringing|rings|dead|disconnected|down|out",
        ],
    ),
    Cues::new(
        For(Called),
        76,
        &[
            "called|rang|phoned|dialled|voicemail|called-you",
            "missed ..1 call|calls",
            "your voicemail",
        ],
    ),
    Cues::new(
        NotFor(Called),
        92,
        &[
            "you|they|he|she|someone|somebody|who|u|people|company|bot|guys|caller|@name ?have|has|just|already|also|guys|people|keep|ve|all|from|had ?just called|rang|phoned|calling|rung|tried|left",
            "tried ?out that|this|it|them|one|something|these|those ?before|once|already|kind|sort|thing|stuff|all $",
            "tried that|this|it|them|one|something ..1 before|once|already|last|years|ago|kind|sort",
            "nobody|noone|one|anyone|body|person|man|woman|someone|somebody|guy|lady called",
            "is|are|was|were|am|be|been|being|so|what|its|business|company|name|product|something|guy|person|one|someone|software|system|app|group|place|thing called",
            "a|the company|business|firm|product|app|thing called",
            "been|being|getting|be called",
            "did ..1 you|u ..1 call",
            "why|who ..4 called",
            "or|and|via|to|by|on|check|my|our|off|leave ?a ?me voicemail",
            "rang true|a|bell|bells",
            "rang a bell",
        ],
    ),
    Cues::new(
        NotFor(MeetingInterest),
        93,
        &[
            "called|rang|phoned|dialled|tried|trying|spoke|spoken|left|missed|returning|returned ..8",
            "number|line|phone ..4 disconnected|dead|engaged|busy|rings|rang|voicemail",
        ],
    ),
    Cues::new(
        NotFor(NotInterested),
        93,
        &[
            "no answer|one|body|luck|response|reply",
            "not get through",
            "not ..2 answer*|pick*|working|connect*|connected|get|reach",
            "no|not ?one ..2 answer*|picked|available|there",
        ],
    ),
    Cues::new(
        NotFor(WrongPerson),
        93,
        &[
            "left ..3 message|voicemail|msg|vm",
            "number|line ..3 not ..1 working|connect*|in",
        ],
    ),
    Cues::new(
        NotFor(OutOfOffice),
        93,
        &[
            "your office|shop|store ..3 closed",
            "your ..5 message|call",
            "call ..2 back ..3",
        ],
    ),
    Cues::new(NotFor(AngryOrComplaint), 60, &["hung up"]),
    Cues::new(NotFor(PositiveEngagement), 60, &["good luck"]),
    Cues::new(
        NotFor(Question),
        80,
        &["who answered", "can|could not get|reach|hear"],
    ),
];
