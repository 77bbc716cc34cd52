//! Numbers in bits, the most significant first.

/// Writes bits.
#[derive(Debug, Default)]
pub struct BitWriter {
    bytes: Vec<u8>,
    /// The bits of the unfinished byte, and their number.
    open: u64,
    count: u32,
}

impl BitWriter {
    /// Writes the lowest `count` bits, at most 32, of a number.
    pub fn bits(&mut self, number: u32, count: u32) {
        self.open = self.open << count | u64::from(number) & ((1 << count) - 1);
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.push((self.open >> self.count).to_le_bytes()[0]);
        }
    }

    /// Writes a number by Golomb and Rice: its upper bits as that many ones and a zero, then `parameter` lower bits.
    pub fn rice(&mut self, number: u64, parameter: u32) {
        let mut ones = number >> parameter;
        while ones >= 16 {
            self.bits(0xffff, 16);
            ones -= 16;
        }
        self.bits((1 << (ones + 1)) - 2, ones as u32 + 1);
        if parameter > 32 {
            self.bits((number >> 32) as u32, parameter - 32);
        }
        self.bits(number as u32, parameter.min(32));
    }

    /// Writes a number by Elias's gamma: one more than it in binary, after as many zeros as that has digits after its
    /// first.
    pub fn gamma(&mut self, number: u32) {
        let digits = (number + 1).ilog2();
        self.bits(0, digits);
        self.bits(number + 1, digits + 1);
    }

    /// Fills the last byte with zeros.
    pub fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.bits(0, 8 - self.count);
        }
        self.bytes
    }

    /// The number of bits so far.
    pub fn length(&self) -> usize {
        self.bytes.len() * 8 + self.count as usize
    }
}

/// Reads bits. After the end, all are zero.
#[derive(Debug)]
pub struct BitReader<'a> {
    bytes: &'a [u8],
    /// The position in bits.
    at: usize,
}

impl<'a> BitReader<'a> {
    /// A reader from the first bit on.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Whether more has been read than there is.
    pub fn is_past_end(&self) -> bool {
        self.at > self.bytes.len() * 8
    }

    /// The next 32 bits, which stay to be read.
    fn peek(&self) -> u32 {
        let (byte, bit) = (self.at / 8, self.at % 8);
        let whole = self.bytes.get(byte..).and_then(<[u8]>::first_chunk);
        let window = match whole {
            Some(bytes) => u64::from_be_bytes(*bytes),
            None => (0..8).fold(0, |window, at| {
                window << 8 | u64::from(self.bytes.get(byte + at).copied().unwrap_or(0))
            }),
        };
        // Of 64 bits, at most the first seven have been read.
        (window << bit >> 32) as u32
    }

    /// The next bits, at most 32, as a number.
    pub fn bits(&mut self, count: u32) -> u32 {
        if count == 0 {
            return 0;
        }
        let bits = self.peek() >> (32 - count);
        self.at += count as usize;
        bits
    }

    /// The next number by Golomb and Rice.
    pub fn rice(&mut self, parameter: u32) -> u64 {
        let mut upper = 0;
        loop {
            let ones = self.peek().leading_ones();
            upper += u64::from(ones);
            self.at += ones as usize;
            if ones < 32 {
                break;
            }
        }
        self.at += 1;
        let high = if parameter > 32 { self.bits(parameter - 32) } else { 0 };
        let lower = u64::from(high) << 32 | u64::from(self.bits(parameter.min(32)));
        upper.wrapping_shl(parameter) | lower
    }

    /// The next number by Elias's gamma.
    pub fn gamma(&mut self) -> u32 {
        let zeros = self.peek().leading_zeros();
        if zeros > 31 {
            // Damaged: nothing follows.
            self.at = self.bytes.len() * 8 + 1;
            return 0;
        }
        self.at += zeros as usize;
        self.bits(zeros + 1) - 1
    }
}
