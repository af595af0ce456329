//! Meanings of whole sentences as vectors.
//!
//! An [`Embedder`] is a small model that is not always there; the table of
//! [`super::meaning`] does without. The index asks it for each question;
//! [`crate::Memory`] asks it once for each line and keeps the answer.

use super::meaning::dot;

/// Numbers in a vector.
pub(super) const SIZE: usize = 384;
/// With how many requests a sentence is compared for its hubness.
const NEAREST: usize = 10;

/// Tells the meaning of a sentence.
pub trait Embedder: Send + Sync {
    /// Names the model, so that vectors of another are not compared with its.
    fn id(&self) -> &str;

    /// The meaning of `text`. Takes some milliseconds.
    fn embed(&self, text: &str) -> anyhow::Result<Embedding>;

    /// The meanings of requests as people make them every day; see
    /// [`hubness`].
    fn requests(&self) -> &[Embedding];
}

/// A direction, a byte a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedding {
    pub(super) bytes: [i8; SIZE],
    pub(super) norm: f32,
}

impl Embedding {
    /// The direction of `numbers`. `None` if it is of another size or has no
    /// direction.
    pub fn new(numbers: &[f32]) -> Option<Self> {
        let numbers: &[f32; SIZE] = numbers.try_into().ok()?;
        let largest = numbers.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        let is_direction = largest.is_finite() && largest > 0.0;
        is_direction.then(|| Self::of(numbers.map(|x| (x * 127.0 / largest).round() as i8)))
    }

    /// From what [`Self::bytes`] gave.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; SIZE] = bytes.try_into().ok()?;
        Some(Self::of(bytes.map(u8::cast_signed)))
    }

    /// To be kept.
    pub fn bytes(&self) -> [u8; SIZE] {
        self.bytes.map(i8::cast_unsigned)
    }

    fn of(bytes: [i8; SIZE]) -> Self {
        Self { norm: (dot(&bytes, &bytes) as f32).sqrt().max(1.0), bytes }
    }

    /// How alike two meanings are, -1.0..=1.0.
    pub fn cosine(&self, other: &Self) -> f32 {
        dot(&self.bytes, &other.bytes) as f32 / (self.norm * other.norm)
    }
}

/// How near a sentence comes to whatever is asked: the mean of its likeness to
/// the requests it is most like. Some sentences are like every request; what
/// is left after this is taken away is likeness to the one at hand.
pub(super) fn hubness(of: &Embedding, requests: &[Embedding]) -> f32 {
    let mut likeness: Vec<f32> = requests.iter().map(|request| request.cosine(of)).collect();
    let nearest = NEAREST.min(likeness.len());
    if nearest == 0 {
        return 0.0;
    }
    likeness.select_nth_unstable_by(nearest - 1, |a, b| b.total_cmp(a));
    likeness[..nearest].iter().sum::<f32>() / nearest as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn towards(axis: usize) -> Embedding {
        let mut numbers = [0.0; SIZE];
        numbers[axis] = 0.5;
        Embedding::new(&numbers).expect("a direction")
    }

    #[test]
    fn a_direction_survives_being_kept() {
        let numbers: Vec<f32> = (0..SIZE).map(|i| (i as f32).sin()).collect();
        let embedding = Embedding::new(&numbers).expect("a direction");
        assert_eq!(Embedding::from_bytes(&embedding.bytes()).as_ref(), Some(&embedding));
        assert!((embedding.cosine(&embedding) - 1.0).abs() < 1e-5);
    }

    #[test]
    fn what_is_no_direction_is_refused() {
        assert_eq!(Embedding::new(&[0.0; SIZE]), None);
        assert_eq!(Embedding::new(&[f32::NAN; SIZE]), None);
        assert_eq!(Embedding::new(&[1.0; 3]), None);
        assert_eq!(Embedding::from_bytes(&[1; 3]), None);
    }

    #[test]
    fn who_is_like_many_requests_is_a_hub() {
        let requests: Vec<_> = (0..NEAREST).map(|_| towards(0)).chain([towards(1)]).collect();
        assert!(hubness(&towards(0), &requests) > hubness(&towards(1), &requests) + 0.5);
        assert_eq!(hubness(&towards(0), &[]), 0.0);
    }
}
