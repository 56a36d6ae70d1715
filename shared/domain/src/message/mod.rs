//! What is said, as text: templates, the size of a text message, and the whole of an e-mail.
//! Nothing here sends; a message that breaks a rule is an error and never a shortened message.

pub mod email;
pub mod gsm7;
pub mod html;
pub mod line;
pub mod link;
pub mod persona;
pub mod signature;
pub mod sms;
pub mod sms_text;
pub mod template;
mod template_gate;
pub mod thread;
pub mod unsubscribe;
pub mod variable;

pub use email::{EmailContent, EmailDraft, EmailError};
pub use line::{Line, LineError};
pub use link::{LinkError, WebLink};
pub use persona::{Branding, EmailPrefix, Persona};
pub use sms::{Encoding, SmsSize};
pub use sms_text::{SmsContent, SmsDraft, SmsError, SmsOptOut};
pub use template::{RenderError, Template, TemplateError};
pub use thread::{MessageId, ThreadParent};
pub use unsubscribe::{UnsubscribeKey, UnsubscribeLinks, UnsubscribeToken};
pub use variable::VariableFault;
