"""What an operator decides of the API's conventions."""

from functools import partial

from attrs import frozen

from taskbot.adapters.admission import Admission, Shed, tell_nobody
from taskbot.adapters.http.bare_litestar import Layer
from taskbot.adapters.http.compression import Compressed
from taskbot.adapters.http.cross_origin import CrossOrigin
from taskbot.adapters.http.overload import Admitted
from taskbot.adapters.http.rate_limits import Limited, Limits


@frozen(kw_only=True)
class ApiPolicy:
    """*limits*: how often somebody may ask; None: as often as they like.

    *origins*: the sites whose pages may use the API; `*` is any. *admission*: how many requests
    are worked at at a time; None: however many come. *shed* is told of each that is refused by it.
    """

    limits: Limits | None = None
    origins: tuple[str, ...] = ()
    admission: Admission | None = None
    shed: Shed = tell_nobody

    def layers(self) -> list[Layer]:
        """What every request goes through before it is looked at, the outermost first.

        A browser asks first whether it may ask: that is not counted, and a refusal of what comes
        too often has to be readable from other origins, too. What is too much at once is refused
        before anybody looks how often it comes: that takes time as well.
        """
        layers: list[Layer] = [Compressed]
        if self.admission is not None:
            layers.insert(0, partial(Admitted, admission=self.admission, shed=self.shed))
        if self.origins:
            layers.insert(0, partial(CrossOrigin, origins=self.origins))
        if self.limits is not None:
            layers.append(partial(Limited, limits=self.limits))
        return layers
