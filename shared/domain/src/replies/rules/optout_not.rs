//! Stop words that ask nothing of us: "stop by the office", "cancel my other meeting", "end of the month".
//! Only [`super::Says::Stop`] gives way to these; a firm request never does.

use super::{
    Cues,
    Says::{Idiom, NotStop},
};

pub(super) const CUES: &[Cues] = &[
    // Nobody could take these for a request.
    Cues::new(Idiom, 90, &[
        "stop by|in|over|off|past|round|around|at|for|into", "stopped|stopping by|in|over|at", "non|one|full|bus|truck|tram|pit|train|last|next|first|short|rest|shuttle|whistle|coffee|petrol|gas stop|stops", "nonstop",
        "pull|pulling|pulled out ..1 all|the|stops", "all the stops", "no stopping", "stop sign|signs|light|lights|loss|gap|motion|watch|work|start|press|payment|valve|button|motion",
        "unsubscribe rate|rates|metrics|analytics|numbers|volume|compliance|handling|management|flow|data|figures|stats", "opt out rate|rates|clause|clauses|period|policy|compliance|metrics|handling|stats",
    ]),
    Cues::new(NotStop, 90, &[
        "can|could|will|would|do|did|please|does|should|must not|never stop|quit", "never|not|without stop|quit|stopped|stopping", "not want|need|have|going|about you|them|it|anyone|anything to stop|unsubscribe|quit", "not want|going|about|need|mean to stop|unsubscribe|quit|opt", "no need|reason|plans|intention|point to|of stop|unsubscribe|quit|stopping",
        "it|this|that|they|will|does|did|would|can|could|may ?it|this|that|they|software|system|tool ?also|help|actually|ever stop ..1 people|staff|customers|fraud|leads|double|duplicate|spam|missed|no|late|theft|us|users|our|the|bots", "before|until|after|since|once|when i|we|they|you|it stop|stopped", "we|i|they|it|he|she|business|customers|staff|team ?really|just|also|still ?really need|want|have|had|decided|try|trying|hope|like|tried|going|got|chose|plan|would|hoping|looking to|like ?to stop|quit|cease", "help|helps|helping|helped ..3 stop|quit|unsubscribe",
        "way|ways|able|tool|software|something|anything ..2 to|that ..1 stop|stops", "how do|can|to we|i|stop ?stop ..2 {contacting}|{things}", "does|do ..4 stop|stops ..3 {things}|{contacting}",
        "opt out of the|our|a|one|certain|some|it|later", "opt out process|form|procedure|fee|terms|mechanism|link|language|option|options|requirements|rules", "opt out later", "the|an|your ..1 opt out ?process|option", "stop and|what|where|when|before|until|short|sometimes|often", "the|a|our|first|second|next|last|final|quick|pit|every|each|my|only|another ?quick|short|first|last|next|final|pit|bus|tram|rest stop", "there|here no more", "stop losing|wearing|growing|worrying|wondering|trusting|caring|trading|operating|running|offering|doing|making|bleeding|missing|chasing|double|duplicate|fraud|theft|people|staff|customers|leads|us|cancellations|returns|no|water|leaks|noise|burning|throwing|giving|having|being|taking|seeing|going|looking|working|waiting|supporting|accepting|leaving|dealing|letting|pretending|payment|payments|everything|anything|mid|midway|halfway|half|once|altogether|completely|there|production|work|eating|biting|singing|dancing|paying|using|working|leaking|guessing|smoking|drinking|worrying|relying|bleeding|buying|spending|churning|thinking|laughing|talking|raving|smiling|reading|scrolling", "to stop spam|junk|scammers|scams|spammers", "stop|quit it from",
        "i|we|they|he|she|it ?have|has|never stopped|stop|quit ..1 {contacting}|our|my|the", "accidentally|mistakenly|mistake|accident|meant|mean ..4 unsubscribe|unsubscribed|stop|opt", "unsubscribe|unsubscribed|stop|stopped ..4 accident|mistake|accidentally|error",
        "people|customers|clients|subscribers|users|members|contacts|recipients|readers|leads|prospects|they|who|anyone|someone|somebody ..4 unsubscribe|unsubscribed|stop|opt|stops|unsubscribes",
        "can|could|does|will|would|do you|it|this|they ?also ?really stop|block|prevent|filter spam|scam|robo|nuisance|junk|telemarketing calls|texts|emails|callers|messages", "customer|lead|contact|user|recipient|person|client|prospect|patient|member|someone|anyone|they ..1 reply|replies|says|types|texts|sends|responds ..1 stop|unsubscribe", "just reply stop when|if", "unsubscribe|opt ..2 option|link|button|feature|function|page for|in|available|built", "is|are there an|any ..1 unsubscribe option|feature|function", "handle|manage|process|track|reduce|lower|support|supports|include|includes|automate|handles|manages|monitor|deal|offer|store|sync|record ..4 unsubscribe|unsubscribes|opt|opts|stop",
        "unsubscribe ..1 requests|events|pages|counts|process|processing|workflow|functionality", "if|when|once|before|unless|until ..2 someone|somebody|people|they|customers|recipients|leads|users|contacts|anyone ..4 stop|unsubscribe|says|replies",
        "do not|never unsubscribe|remove", "the|a|at|that|my|our|your|this|every stop on|near|is|was|at|sign", "stop on|near|outside|opposite ?the|main|our", "song|film|movie|band ..3 stop", "nothing|nobody|anything can|will|to stop|stops", "what|whats is ?stopping|stop",
        "stop|quit the rot|bleed|bleeding|leak|leaks|churn|waste|press|presses|clock", "off ..3 list price", "off the ground|hook|phone|hold|fence|mark|back|topic|bench|plane|cuff|grid|shelf", "off to a", "remove|delete|removing ..3 duplicates|duplicate|bounced|dead|users|user|branding|watermark|staff|seats",
        // A prohibition with a better way, a time, or another speaker.
        "i|we|he|she|they do not|never ?even|usually|really|ever|normally|just {contact}|{contacting}|send|reach|follow|get", "why|you did|do ?you not ?you {contact}", "you|they|nobody|he|she|who|i|we never {contact}|follow|reach", "why|how come ..2 not ?you|we|u|i {contact}", "not hesitate|forget|afraid|shy ..2 {contact}|reach|send|get|follow",
        "do not {contact} ?me|us before|until|till|after|between|during|yet|today|tonight|unless|while|tomorrow|just", "do not {contact} ?me|us on @day|weekends|sundays|saturdays|mondays|fridays", "do not {contact} ?me|us right now|yet", "do not {contact} ?me|us this morning|week|afternoon",
        
        "how|scrub|wash|check|comply|against|compliant|screen ..6 do not call|contact", "do not send|email|text|call ..3 yet|until|till|before", "do not reply|respond", "not {contact} him|her|them",
    ]),
    // These may run across a comma: the better way follows the prohibition.
    Cues::new(NotStop, 96, &["do not call|ring|phone|text|message|dm ?me|us ?here|on ?here|this ?number ~ ?please|just|but|and|better|rather|instead|only ?to ?please|just|better|rather email|text|message|call|write|ring|use|send", "do not ?really {contact} ~ send|use|better|email", "stop|quit {contacting} ?my|me|this|the|our ?landline|office|home|work|here|number|phone|desk call|text|email|ring|use|try ?me|my|the|instead|on"]),
];
