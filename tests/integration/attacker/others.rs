//! The moves of others than strangers: users of an old directory, machines with a secret, and readers of messages who want
//! the name that somebody signs in with.

use super::moves::{Gain, METHODS, Reached, own_sign_in};
use super::service::{Account, Address, Channel, Method, Owner, Service};

pub fn go(service: &Service<'_>, reached: &mut Reached) {
    reached.directory = from_old_directory(service);
    reached.machine = machine(service);
    reached.alias = Channel::ALL.map(|channel| takes_alias(service, channel));
}

/// `UserMigration`: the function makes a user of whoever it knows, with the addresses that it says are verified, when a
/// password is sent or a forgotten one is reset.
fn from_old_directory(service: &Service<'_>) -> Option<Gain> {
    let pool = service.pool;
    if !(pool.migration && service.world.favors) {
        return None;
    }
    let own = Some(Address { owner: Owner::Attacker, verified: true });
    let user = |addresses| Account {
        confirmed: true,
        password: None,
        addresses,
        factor: None,
        settable: [false; 2],
        proved: true,
        reset: None,
    };
    let mut best = None;
    let mut note = |one: Option<bool>| {
        let gain = one.map(|token| if token { Gain::Token } else { Gain::Session });
        best = best.max(gain);
    };
    // Of a password that is sent, the user that the function makes has it.
    let sent = Account { password: Some(Owner::Attacker), settable: [true; 2], ..user([own, own]) };
    for client in &pool.clients {
        for method in METHODS {
            let is_sent = match method {
                Method::Password => client.sends || client.old,
                Method::Backend | Method::Pages => true,
                Method::Custom | Method::Code(_) => false,
            };
            if is_sent {
                service.sign_in(client, method, sent).iter().for_each(|one| note(Some(one.token)));
            }
        }
    }
    note(own_sign_in(service, sent).map(|one| one.token));
    for addresses in [[own, own], [own, None], [None, own]] {
        let Some(account) = service.reset(user(addresses)) else { continue };
        for client in &pool.clients {
            for method in [Method::Password, Method::Backend, Method::Pages] {
                service.sign_in(client, method, account).iter().for_each(|one| note(Some(one.token)));
            }
        }
        note(own_sign_in(service, account).map(|one| one.token));
    }
    best
}

/// The token endpoint with the secret of a client and no user. It gives tokens with scopes of resource servers.
fn machine(service: &Service<'_>) -> bool {
    let pool = service.pool;
    let gives = |[grant, scope]: [bool; 2]| grant && (scope || service.world.gaps);
    service.passes(pool.machine_tokens)
        && service.passes(pool.acl)
        && pool.clients.iter().any(|client| !client.public && gives(client.machine))
}

/// `SignUp` with the address of somebody else whose messages the attacker reads, and `ConfirmSignUp` with
/// `ForceAliasCreation`: the verified address is then the alias of the new user. Whether somebody signs in with it is not a
/// setting.
fn takes_alias(service: &Service<'_>, channel: Channel) -> bool {
    let at = channel as usize;
    if !(service.pool.alias[at] && service.world.favors) {
        return false;
    }
    let service = Service { reads: Channel::ALL.map(|one| one == channel), ..*service };
    let mut owners = [[None; 2], [Some(Owner::Attacker); 2]];
    for owners in &mut owners {
        owners[at] = Some(Owner::SomebodyElse);
    }
    let entries = service.entries().into_iter();
    let mut confirmed = entries.flat_map(|entry| {
        let accounts = owners.iter().flat_map(move |owners| service.sign_up(entry, *owners, true));
        accounts.filter_map(move |account| service.confirm(account)).collect::<Vec<_>>()
    });
    confirmed.any(|account| account.address(channel).is_some_and(|address| address.verified))
}
