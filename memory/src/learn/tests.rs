//! Tables by topic.
