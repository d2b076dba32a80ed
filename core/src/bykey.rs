//! Counts by a key that clients choose, bounded; `logsleuth/scan/bykey.py` is the definition.

use crate::Map;

/// A hash of a key that is the same in every process and spreads evenly over 64 bits.
pub fn key_hash(key: &[u8]) -> u64 {
    let mut total = u64::from(crc32(key));
    total = (total ^ (total >> 15)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    total = (total ^ (total >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    total ^ (total >> 31)
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, &byte| (sum >> 8) ^ CRC[((sum ^ u32::from(byte)) & 0xFF) as usize])
}

const CRC: [u32; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let (mut sum, mut bit) = (at as u32, 0);
        while bit < 8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 };
            bit += 1;
        }
        table[at] = sum;
        at += 1;
    }
    table
};

/// How often each key came: exact for those of the lowest hash, which are kept.
pub struct KeyCounts {
    cap: usize,
    pub total: u64,
    pub kept: Map<Box<str>, (u64, u64)>,
    /// The highest hash that is kept, once there is no room for more.
    limit: u64,
}

impl KeyCounts {
    pub fn new(cap: usize) -> Self {
        KeyCounts { cap, total: 0, kept: Map::default(), limit: u64::MAX }
    }

    pub fn add(&mut self, key: &str, count: u64) {
        self.total += count;
        let hash = key_hash(key.as_bytes());
        if hash > self.limit {
            return;
        }
        if let Some(known) = self.kept.get_mut(key) {
            known.1 += count;
            return;
        }
        self.kept.insert(key.into(), (hash, count));
        if self.kept.len() > self.cap {
            let last = self.kept.iter().map(|(key, (hash, _))| (*hash, key)).max().map(|(_, key)| key.clone());
            if let Some(key) = last {
                self.kept.remove(&key);
            }
            self.limit = self.kept.values().map(|(hash, _)| *hash).max().unwrap_or(0);
        }
    }

    pub fn merge(&mut self, other: &KeyCounts) {
        let kept: u64 = other.kept.values().map(|(_, count)| count).sum();
        for (key, (_, count)) in &other.kept {
            self.add(key, *count);
        }
        self.total += other.total - kept;
    }
}
