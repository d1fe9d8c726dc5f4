"""What is refused of a text that somebody typed."""

from lienthong.office.errors import OfficeProblem


class TextTooLong(OfficeProblem):
    """Nothing that was written is cut off unseen."""

    code = "text_too_long"
    status = 422
    vi = "{what} dài {length} ký tự, nhiều nhất {most}."
    en = "{what_en}: {length} characters, {most} at most."
    next_vi = "Rút ngắn rồi thực hiện lại; phần dài hơn thì để trong tệp kèm theo."
    next_en = "Shorten it and try again; put what is longer into a file."
