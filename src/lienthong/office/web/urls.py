"""Routes of the office's pages. Every one but the sign-in is guarded (`web.guards.page`); a test walks them all."""

from django.urls import path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from lienthong.office.web import (
    authorizations,
    draft,
    files,
    home,
    incoming,
    outgoing,
    paper,
    recipients,
    registers,
    signin,
)

app_name = "office"
urlpatterns = [
    path("dang-nhap/", signin.sign_in, name="signin"),
    path("dang-xuat/", signin.sign_out, name="signout"),
    path("ngon-ngu/", require_POST(set_language), name="language"),
    path("", home.home, name="home"),
    path("thong-bao/", home.notices, name="notices"),
    path("thong-bao/moi/", home.bell, name="bell"),
    path("so-van-ban/", registers.outgoing, name="registers"),
    path("so-van-ban/den/", registers.incoming, name="register-incoming"),
    path("so-van-ban/buu-dien/", registers.post, name="register-post"),
    path("so-van-ban/buu-dien/<str:kind>/", registers.post_printed, name="register-post-book"),
    path("so-van-ban/<int:pk>/<str:kind>/", registers.printed, name="register-book"),
    path("van-ban-den/", incoming.listing, name="incoming"),
    path("van-ban-den/<int:pk>/", incoming.document, name="incoming-document"),
    path("van-ban-den/<int:pk>/tep/<int:file_pk>/", files.received, name="incoming-file"),
    path("van-ban-di/", outgoing.listing, name="outgoing"),
    path("van-ban-di/soan/", draft.draft, name="draft"),
    path("van-ban-di/noi-nhan/", recipients.found, name="recipients-found"),
    path("van-ban-di/nhom-noi-nhan/", recipients.listing, name="recipient-groups"),
    path("van-ban-di/nhom-noi-nhan/moi/", recipients.edit, name="recipient-group-new"),
    path("van-ban-di/nhom-noi-nhan/<int:pk>/", recipients.edit, name="recipient-group"),
    path("van-ban-di/<int:pk>/", outgoing.document, name="outgoing-document"),
    path("van-ban-di/<int:pk>/soan/", draft.draft, name="change"),
    path("van-ban-di/<int:pk>/ban/<int:ordinal>/", files.version, name="outgoing-version"),
    path("van-ban-di/<int:pk>/tep/<int:enclosure_pk>/", files.enclosure, name="outgoing-enclosure"),
    path("uy-quyen-ky/", authorizations.listing, name="authorizations"),
    path("danh-muc-ban-giay/", paper.listing, name="paper-rules"),
    path("ngoai-le/", paper.overrides, name="overrides"),
    path("theo-doi/", outgoing.tracking, name="tracking"),
]
