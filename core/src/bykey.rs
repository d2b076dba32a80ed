//! Counts by a key that clients choose, bounded; `logsleuth/scan/bykey.py` is the definition.

use std::collections::BinaryHeap;

use crate::Map;

/// A hash of a key that is the same in every process and spreads evenly over 64 bits.
pub fn key_hash(key: &[u8]) -> u64 {
    let mut total = u64::from(crc32(key));
    total = (total ^ (total >> 15)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    total = (total ^ (total >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    total ^ (total >> 31)
}

/// Four bytes at a time, by a table for each of them.
fn crc32(bytes: &[u8]) -> u32 {
    let fours = bytes.chunks_exact(4);
    let rest = fours.remainder();
    let sum = fours.fold(!0u32, |sum, four| {
        let [a, b, c, d] = (sum ^ u32::from_le_bytes([four[0], four[1], four[2], four[3]])).to_le_bytes();
        CRC[3][a as usize] ^ CRC[2][b as usize] ^ CRC[1][c as usize] ^ CRC[0][d as usize]
    });
    !rest.iter().fold(sum, |sum, &byte| (sum >> 8) ^ CRC[0][((sum ^ u32::from(byte)) & 0xFF) as usize])
}

/// By how many bytes follow: what a byte adds to the sum.
const CRC: [[u32; 256]; 4] = {
    let mut tables = [[0; 256]; 4];
    let mut at = 0;
    while at < 256 {
        let (mut sum, mut bit) = (at as u32, 0);
        while bit < 8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 };
            bit += 1;
        }
        tables[0][at] = sum;
        at += 1;
    }
    let mut behind = 1;
    while behind < 4 {
        let mut at = 0;
        while at < 256 {
            let sum: u32 = tables[behind - 1][at];
            tables[behind][at] = (sum >> 8) ^ tables[0][(sum & 0xFF) as usize];
            at += 1;
        }
        behind += 1;
    }
    tables
};

/// What is added up: a number, or several side by side.
pub trait Sum: Copy + Default + std::ops::AddAssign + std::ops::SubAssign {}

impl Sum for u64 {}

/// Sums by key, in `KeyCounts` how often each came: exact for those of the lowest hash, which are kept.
pub struct SumsByKey<V> {
    cap: usize,
    /// Of all keys, kept or not.
    pub total: V,
    pub kept: Map<Box<[u8]>, (u64, V)>,
    /// What is kept, the highest hash first: that goes when there is no room for more.
    order: BinaryHeap<(u64, Box<[u8]>)>,
    /// The highest hash that is kept, once there was no room for more.
    limit: u64,
}

pub type KeyCounts = SumsByKey<u64>;

impl<V: Sum> SumsByKey<V> {
    pub fn new(cap: usize) -> Self {
        SumsByKey { cap, total: V::default(), kept: Map::default(), order: BinaryHeap::new(), limit: u64::MAX }
    }

    /// Add to a key, which is UTF-8; '' is no key.
    pub fn add(&mut self, key: &[u8], more: V) {
        if key.is_empty() {
            return;
        }
        self.total += more;
        let hash = key_hash(key);
        if hash > self.limit {
            return;
        }
        if let Some(known) = self.kept.get_mut(key) {
            known.1 += more;
            return;
        }
        self.kept.insert(key.into(), (hash, more));
        self.order.push((hash, key.into()));
        if self.kept.len() > self.cap {
            if let Some((_, last)) = self.order.pop() {
                self.kept.remove(&last);
            }
            self.limit = self.order.peek().map_or(0, |(hash, _)| *hash);
        }
    }

    pub fn merge(&mut self, other: &SumsByKey<V>) {
        self.total += other.total;
        for (key, (_, sum)) in &other.kept {
            self.total -= *sum;
            self.add(key, *sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_that_of_zlib() {
        let cases: [(&[u8], u32); 5] = [
            (b"", 0),
            (b"a", 0xE8B7_BE43),
            (b"abcd", 0xED82_CD11),
            (b"123456789", 0xCBF4_3926),
            (b"192.0.2.7", 0x3202_A502),
        ];
        for (text, sum) in cases {
            assert_eq!(crc32(text), sum, "{}", text.escape_ascii());
        }
    }

    #[test]
    fn the_keys_of_the_lowest_hashes_are_kept_with_all_their_counts() {
        let keys: Vec<String> = (0..300).map(|number| format!("192.0.2.{number}")).collect();
        let mut counts = KeyCounts::new(40);
        for _ in 0..3 {
            keys.iter().for_each(|key| counts.add(key.as_bytes(), 1));
        }
        let mut lowest: Vec<&String> = keys.iter().collect();
        lowest.sort_by_key(|key| key_hash(key.as_bytes()));
        let mut kept: Vec<&[u8]> = counts.kept.keys().map(AsRef::as_ref).collect();
        kept.sort_by_key(|key| key_hash(key));
        assert!(kept.iter().zip(&lowest[..40]).all(|(kept, key)| *kept == key.as_bytes()));
        assert_eq!(kept.len(), 40);
        assert!(counts.kept.values().all(|(_, count)| *count == 3));
        assert_eq!(counts.total, 900);
    }
}
