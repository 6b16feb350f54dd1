"""Fills an empty shop; the same products and reviews each time."""

from django.core.management.base import BaseCommand
from django.db import connection

CATEGORIES = ("Charts", "Compasses", "Lamps", "Ropes", "Sails", "Tackle")
PRODUCTS = 1500
REVIEWS_EACH = 200

# In the database itself: 300,000 rows take 2 s so, and a minute one by one.
FILL = (
    "INSERT INTO catalogue_category (name) SELECT unnest(%(categories)s::text[])",
    """INSERT INTO catalogue_product (category_id, name, description, price, stock)
       SELECT 1 + n %% %(kinds)s, 'Product ' || n, repeat('Made for the sea. ', 20), 5 + n %% 90, 1000000
       FROM generate_series(1, %(products)s) n""",
    # A product's reviews lie apart, as they do when they come in over years.
    """INSERT INTO catalogue_review (product_id, stars, text, written)
       SELECT 1 + n %% %(products)s, 1 + (n / 7 + n %% 11) %% 5,
              md5(n::text) || repeat(' It held in a storm.', 8),
              timestamptz '2026-01-01 UTC' + n * interval '1 minute'
       FROM generate_series(1, %(products)s * %(each)s) n""",
)


class Command(BaseCommand):
    help = __doc__

    def handle(self, *_, **options):
        values = {
            "categories": list(CATEGORIES),
            "kinds": len(CATEGORIES),
            "products": PRODUCTS,
            "each": REVIEWS_EACH,
        }
        with connection.cursor() as cursor:
            for each in FILL:
                cursor.execute(each, values)
            cursor.execute("VACUUM ANALYZE")
