"""Commerce events: product actions, promotions and impressions, and what they list."""

from firehose.event import Event, EventType
from firehose.model import Integer, Model, Texts
from firehose.numeric import Amount
from firehose.vocabulary import Vocabulary


class ProductAction(Vocabulary):
    """What happened to the products. The wish-list words do differ in spelling."""

    ADD_TO_WISHLIST = "add_to_wishlist"
    REMOVE_FROM_WISH_LIST = "remove_from_wish_list"
    ADD_TO_CART = "add_to_cart"
    REMOVE_FROM_CART = "remove_from_cart"
    CHECKOUT = "checkout"
    PURCHASE = "purchase"
    REFUND = "refund"
    CHECKOUT_OPTION = "checkout_option"
    CLICK = "click"
    VIEW_DETAIL = "view_detail"


class PromotionAction(Vocabulary):
    """What happened to the promotions."""

    UNKNOWN = "unknown"
    VIEW = "view"
    CLICK = "click"


class Product(Model):
    """One line of a cart, order or list."""

    id: str | None = None
    name: str | None = None
    brand: str | None = None
    category: str | None = None
    variant: str | None = None
    position: Integer = 0
    price: Amount | None = None
    quantity: Amount | None = None
    coupon_code: str | None = None
    total_amount: Amount | None = None
    attributes: Texts = {}


class Promotion(Model):
    """One promotion. Its `position` is text, other than a product's."""

    id: str | None = None
    name: str | None = None
    creative: str | None = None
    position: str | None = None


class Impression(Model):
    """Products shown together."""

    impression_list_name: str | None = None
    products: list[Product] = []


class ProductActionEvent(Event, tag=EventType.PRODUCT_ACTION.value):
    """Something was done with products: put in the cart, bought, returned."""

    action: ProductAction | None = None
    transaction_id: str | None = None
    affiliation: str | None = None
    total_amount: Amount | None = None
    tax_amount: Amount | None = None
    shipping_amount: Amount | None = None
    currency_code: str | None = None
    """ISO 4217, for example `USD`."""
    coupon_code: str | None = None
    products: list[Product] = []
    attributes: Texts = {}
    custom_flags: Texts = {}
    """Flags addressed to one integration, for example `ModuleA.flagA`."""


class PromotionActionEvent(Event, tag=EventType.PROMOTION_ACTION.value):
    """A promotion was shown or clicked."""

    action: PromotionAction | None = None
    attributes: Texts = {}
    promotions: list[Promotion] = []
    custom_flags: Texts = {}


class ImpressionEvent(Event, tag=EventType.IMPRESSION.value):
    """Products were shown."""

    attributes: Texts = {}
    impressions: list[Impression] = []
    custom_flags: Texts = {}
