"""Paint a new screen once: nothing is painted while the curtain is down."""

from contextlib import ExitStack

from textual.app import App
from textual.timer import Timer

PATIENCE = 0.2
"""Seconds after which the curtain goes up even if the data is not there yet."""


class Curtain:
    """Down while a screen is made, laid out and given its first data; up when it says so or time is up.

    A screen that is pushed plainly paints three times; with its data four (Textual 8.2).
    """

    def __init__(self, app: App[int]) -> None:
        self._app = app
        self._batch: ExitStack | None = None
        self._timer: Timer | None = None

    @property
    def down(self) -> bool:
        return self._batch is not None

    def drop(self) -> None:
        """Hold back all painting."""
        if self._batch is None:
            self._batch = ExitStack()
            self._batch.enter_context(self._app.batch_update())
            self._timer = self._app.set_timer(PATIENCE, self.lift)

    def lift(self) -> None:
        """Paint the screen as it is now."""
        if self._batch is None:
            return
        if self._timer is not None:
            self._timer.stop()
        batch, self._batch = self._batch, None
        # each widget, not the screen: with a layout due, the screen would be painted twice
        for widget in self._app.screen.walk_children():
            widget.refresh()
        batch.close()
