//! Quotas: the rates of calls that the service allows.

/// Calls a second that the service allows an account in a Region, by the categories in which it counts them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quotas {
    /// `UserPoolRead`: the pools themselves.
    pub pools: f64,
    /// `UserPoolResourceRead`.
    pub resources: f64,
    /// `UserPoolClientRead`.
    pub clients: f64,
    /// For operations without a category.
    pub others: f64,
    /// For each operation on the clients or resources of one pool.
    pub one_pool: f64,
}

impl Default for Quotas {
    fn default() -> Quotas {
        Quotas { pools: 15.0, resources: 20.0, clients: 15.0, others: 5.0, one_pool: 5.0 }
    }
}

impl Quotas {
    /// The same rate for every category, even above the service's quotas. The lower limits rise to a quarter of it at
    /// most.
    pub fn every(rps: f64) -> Quotas {
        let low = Quotas::default().one_pool.max(rps / 4.0).min(rps);
        Quotas { pools: rps, resources: rps, clients: rps, others: low, one_pool: low }
    }

    /// The part of each of several readers of the same account and Region. A pool has only one reader.
    pub(in crate::source) fn shared_by(self, readers: u32) -> Quotas {
        let Quotas { pools, resources, clients, others, one_pool } = self;
        let [pools, resources, clients, others] =
            [pools, resources, clients, others].map(|quota| quota / f64::from(readers));
        Quotas { pools, resources, clients, others, one_pool }
    }
}
