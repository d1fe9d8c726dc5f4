"""Routes of the office's pages. Every one but the sign-in is guarded (`web.guards.page`); a test walks them all."""

from django.urls import path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from lienthong.office.web import (
    authorizations,
    certificate_requests,
    certificates,
    copies,
    draft,
    files,
    home,
    incoming,
    numbering,
    outgoing,
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
    path("so-van-ban/cach-danh-so/", numbering.rules, name="numbering"),
    path("so-van-ban/ban-sao/", registers.copies, name="register-copies"),
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
    path("van-ban-di/<int:pk>/sao/", copies.of_outgoing, name="copy-outgoing"),
    path("van-ban-den/<int:pk>/sao/", copies.of_incoming, name="copy-incoming"),
    path("ban-sao/<int:pk>/", copies.one, name="copy"),
    path("ban-sao/<int:pk>/tep/", files.copy, name="copy-file"),
    path("nguoi-ky-ban-sao/", copies.signers, name="copy-signers"),
    path("chung-thu/", certificates.listing, name="certificates"),
    path("chung-thu/tai/<str:kind>/", certificates.taken_away, name="certificates-taken"),
    path("chung-thu/<int:pk>/", certificates.one, name="certificate"),
    path("chung-thu/de-nghi/", certificate_requests.listing, name="certificate-requests"),
    path("chung-thu/de-nghi/<int:pk>/", certificate_requests.one, name="certificate-request"),
    path("chung-thu/de-nghi/<int:pk>/cong-van/", certificate_requests.letter, name="certificate-letter"),
    path("theo-doi/", outgoing.tracking, name="tracking"),
]
