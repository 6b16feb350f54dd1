"""The pages that everybody sees, and the report of the buyers."""

from django.core.cache import cache
from django.db.models import Avg, Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import ensure_csrf_cookie

from shop.catalogue.models import Category, Product, Review

SHOWN = 24


def home(request):
    counted = Category.objects.annotate(reviews=Count("product__review")).order_by("name")
    categories = cache.get_or_set("categories", lambda: list(counted))
    return render(request, "catalogue/home.html", {"categories": categories})


def category(request, category):
    """A category's best products; what they are takes all of its reviews to say."""
    found = cache.get_or_set(f"category:{category}", lambda: best_of(category))
    return render(request, "catalogue/category.html", found)


def best_of(category):
    products = Product.objects.filter(category=category).annotate(
        stars=Avg("review__stars"), reviews=Count("review")
    )
    return {
        "category": get_object_or_404(Category, pk=category),
        "products": list(products.order_by("-stars", "name").defer("description")[:SHOWN]),
    }


@ensure_csrf_cookie
def product(request, product):
    """A product with what customers say of it now: stock and reviews are never cached."""
    found = get_object_or_404(Product.objects.select_related("category"), pk=product)
    said = found.review_set.aggregate(stars=Avg("stars"), reviews=Count("pk"))
    latest = found.review_set.order_by("-written")[:5]
    return render(
        request, "catalogue/product.html", {"product": found, "latest": latest, **said}
    )


def report(request):
    """Texts that several customers sent alike, for the buyers: it takes all of them in order."""
    found = Review.objects.values("text").annotate(sent=Count("pk"), stars=Avg("stars"))
    lines = [
        f"{each['sent']}\t{each['stars']:.1f}\t{each['text'][:80]}"
        for each in found.filter(sent__gt=1).order_by("text")
    ]
    return HttpResponse("\n".join(lines), content_type="text/tab-separated-values")


def health(request):
    return HttpResponse("ok", content_type="text/plain")
