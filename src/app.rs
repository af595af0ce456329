//! The window's application: drains events into a view model, paints it.
