"""The doors: files become FOCUS rows. Nobody behind them knows how a cloud spells a column."""
