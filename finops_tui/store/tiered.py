"""OCI part numbers whose price depends on the month's volume, so that cost ÷ quantity is no price.

A change of such a SKU is usage as a whole: its average price moves with the day of the month on which the
free or the cheaper tier is used up. Source: Oracle's public price list in USD of May 2025, the products with
more than one pay-as-you-go price range (A1, load balancers, object storage, outbound transfer, functions …).
"""

from typing import Final

_PART_NUMBERS = """
    B108190 B110475 B110617 B88327 B88523 B90617 B90618 B90925 B90926 B90940
    B90941 B91627 B91628 B91633 B92092 B92593 B92733 B93000 B93001 B93004
    B93005 B93006 B93007 B93008 B93030 B93031 B93297 B93298 B93306 B93423
    B93455 B93456 B93496 B93497 B94277 B94282 B94579 B94896 B94973 B94974
    B94977 B95404 B95634 B95697 B95918 B95919 B95920 B96110 B96111 B96112
    B96113 B97172 B97173 B97181 B97193 B97194
"""

TIERED: Final = frozenset(_PART_NUMBERS.split())
"""FOCUS sku_id of the SKUs that go to usage whole when a change is split."""
