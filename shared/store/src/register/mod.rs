//! What is known about addresses: the register's answers and suppressions. Read together and consistently, because
//! the answer decides whether somebody is contacted (GATE-4, GATE-5).

mod suppress;
mod wash;

use aws_sdk_dynamodb::Client;
use touchline_domain::{
    contact::{Address, AddressHash, E164},
    ids::TenantId,
    sending::{register::WashResult, suppression::Suppression},
};
use touchline_engine::ports::{AddressFacts, PortError};

pub use self::suppress::{SuppressionChange, SuppressionEntry};
use crate::{
    item::{Item, decode_attribute, required_text},
    keys::{self, Key, PK},
    names::Given,
    table::{Read, Table, of},
};

/// The attribute with a suppression record.
const SUPPRESSION: &str = "suppression";
/// The attribute with the register's answer.
const WASH: &str = "wash";

/// Access to the register table.
#[derive(Clone, Debug)]
pub struct Register {
    table: Table<of::Register>,
}

impl Register {
    /// The table called `table`; a function that was not given it has none.
    #[must_use]
    pub fn new(db: Client, table: impl Into<Given>) -> Self {
        Self {
            table: Table::new(db, table),
        }
    }

    /// Everything that is known about an address for a tenant: its suppressions, and for a number the register's
    /// answer. One consistent call, two read units.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn facts(
        &self,
        tenant: &TenantId,
        address: &AddressHash,
        number: Option<&E164>,
    ) -> Result<AddressFacts, PortError> {
        let number = number.map(|number| keys::address(&hash_of(number)));
        let mut wanted = vec![keys::suppression(tenant, address), keys::address(address)];
        wanted.extend(number.clone().filter(|key| !wanted.contains(key)));
        let suppressing = [wanted[0].pk.clone(), wanted[1].pk.clone()];
        let mut facts = AddressFacts::default();
        for item in self
            .table
            .batch_get("address", &wanted, Read::Consistent)
            .await?
        {
            let pk = required_text("address", &item, PK)?;
            if suppressing.iter().any(|known| known == pk) {
                facts.suppressions.extend(suppression_in(&item)?);
            }
            if is(&number, pk) {
                facts.wash = wash_in(&item)?;
            }
        }
        Ok(facts)
    }
}

fn is(key: &Option<Key>, pk: &str) -> bool {
    key.as_ref().is_some_and(|key| key.pk == pk)
}

/// The hash under which a number is known.
pub(crate) fn hash_of(number: &E164) -> AddressHash {
    Address::Phone(number.clone()).hash()
}

fn suppression_in(item: &Item) -> Result<Option<Suppression>, PortError> {
    item.get(SUPPRESSION)
        .map(|value| decode_attribute("suppression", SUPPRESSION, value))
        .transpose()
}

fn wash_in(item: &Item) -> Result<Option<WashResult>, PortError> {
    item.get(WASH)
        .map(|value| decode_attribute("register's answer", WASH, value))
        .transpose()
}
