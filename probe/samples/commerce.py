"""Made-up commerce events: products in carts, orders, promotions and lists."""

from __future__ import annotations

from decimal import Decimal

from firehose import (
    Impression,
    ImpressionEvent,
    Product,
    ProductAction,
    ProductActionEvent,
    Promotion,
    PromotionAction,
    PromotionActionEvent,
)
from probe.samples.chance import Chance
from probe.samples.people import Person

_PRODUCTS = ("Workbook", "Dictionary", "Audio course", "Flash cards", "Grammar")
_CURRENCIES = ("AUD", "EUR", "USD")


def product_action(chance: Chance, _person: Person) -> ProductActionEvent:
    """Make up that somebody did something with products."""
    products = _products(chance)
    total = sum((product.total_amount or Decimal(0) for product in products), Decimal(0))
    return ProductActionEvent(
        action=chance.choice(list(ProductAction)),
        transaction_id=f"T-{chance.randrange(10**6)}",
        affiliation="web shop",
        total_amount=total + Decimal("4.95"),
        tax_amount=(total / 5).quantize(Decimal("0.01")),
        shipping_amount=Decimal("4.95"),
        currency_code=chance.choice(_CURRENCIES),
        coupon_code="SPRING",
        products=products,
        attributes={"channel": "shop"},
        custom_flags={"Acme.cart": chance.guid()[:8]},
    )


def promotion_action(chance: Chance, _person: Person) -> PromotionActionEvent:
    """Make up that somebody saw or clicked promotions."""
    number = chance.randrange(100)
    return PromotionActionEvent(
        action=chance.choice(list(PromotionAction)),
        attributes={"page": "home"},
        promotions=[
            Promotion(
                id=f"promo-{number}",
                name="Spring offer",
                creative=f"banner-{number % 3}",
                position=chance.choice(("top", "side")),
            )
        ],
    )


def impression(chance: Chance, _person: Person) -> ImpressionEvent:
    """Make up that products were shown to somebody."""
    return ImpressionEvent(
        attributes={"page": "search"},
        impressions=[Impression(impression_list_name="Search results", products=_products(chance))],
    )


def _products(chance: Chance) -> list[Product]:
    names = chance.some(_PRODUCTS, most=3)
    return [_product(chance, name, position) for position, name in enumerate(names, 1)]


def _product(chance: Chance, name: str, position: int) -> Product:
    price = Decimal(chance.randint(100, 9_999)) / 100
    quantity = Decimal(chance.randint(1, 3))
    return Product(
        id=f"sku-{chance.randrange(10_000)}",
        name=name,
        brand="Acme",
        category="lessons",
        variant=chance.choice(("paper", "digital")),
        position=position,
        price=price,
        quantity=quantity,
        total_amount=price * quantity,
        attributes={"level": str(chance.randint(1, 6))},
    )
