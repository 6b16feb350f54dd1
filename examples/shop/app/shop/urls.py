"""The shop's pages."""

from django.urls import path

from shop.cart import views as cart
from shop.catalogue import views as catalogue
from shop.checkout import views as checkout

urlpatterns = [
    path("", catalogue.home, name="home"),
    path("category/<int:category>/", catalogue.category, name="category"),
    path("product/<int:product>/", catalogue.product, name="product"),
    path("report/", catalogue.report, name="report"),
    path("cart/", cart.show, name="cart"),
    path("cart/add/", cart.add, name="add"),
    path("checkout/", checkout.order, name="checkout"),
    path("health/", catalogue.health, name="health"),
]
