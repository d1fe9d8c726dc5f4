"""Everything that an office holds can be found: a row for each document, kept by the database itself."""

WORDS = r"""
-- Lower case without diacritics, as `standards.plaintext.plain` has it; a test holds the two against each other.
CREATE FUNCTION office_plain(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(translate(regexp_replace(normalize(coalesce(said, ''), NFD), '[\u0300-\u036f]', '', 'g'),
        'đĐðÐ', 'dddd'))
$$;
-- A code as it is typed: `#000.00.00.h41`.
CREATE FUNCTION office_code(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN coalesce(said, '') = '' THEN ''
        ELSE left('#' || regexp_replace(office_plain(said), '\s', '', 'g'), 300) END
$$;
-- Number and notation as they are typed, from the number or from a later part on: `#28/2018/qd-ttg #2018/qd-ttg …`.
CREATE FUNCTION office_number(said text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    rest text := left(regexp_replace(regexp_replace(office_plain(said), '\s', '', 'g'), '^0+(?=[0-9])', ''), 200);
    forms text := '';
BEGIN
    WHILE rest <> '' LOOP
        forms := forms || ' #' || rest;
        rest := CASE WHEN strpos(rest, '/') = 0 THEN '' ELSE substr(rest, strpos(rest, '/') + 1) END;
    END LOOP;
    RETURN forms;
END $$;
-- Facts in the order of their labels, each word by itself and under its label: `nghe`, `s=nghe`; and codes beside them.
-- An agency is found by its short name as well.
CREATE FUNCTION office_vector(codes text, said text[]) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    labels constant text[] := ARRAY['n', 's', 'r', 'y', 't', 'p', 'k', 'd'];
    bare text := left(regexp_replace(office_plain(array_to_string(said, chr(31), '')), '[^a-z0-9\x1f]+', ' ', 'g'), 200000);
    facts text[];
    lexemes text;
BEGIN
    bare := replace(bare, 'uy ban nhan dan', 'uy ban nhan dan ubnd');
    bare := replace(replace(bare, 'hoi dong nhan dan', 'hoi dong nhan dan hdnd'), 'van phong', 'van phong vp');
    facts := string_to_array(regexp_replace(bare, '([a-z0-9]{64})[a-z0-9]+', '\1', 'g'), chr(31));
    lexemes := codes || ' ' || array_to_string(facts, ' ');
    FOR place IN 1 .. array_length(facts, 1) LOOP
        lexemes := lexemes || replace(' ' || btrim(facts[place]), ' ', ' ' || labels[place] || '=');
    END LOOP;
    lexemes := replace(replace(regexp_replace(lexemes, '[a-z]=(?= |$)', '', 'g'), '  ', ' '), '  ', ' ');
    RETURN array_to_tsvector(array_remove(string_to_array(lexemes, ' '), ''));
END $$;
"""

FACTS = """
CREATE FUNCTION office_facts_of_incoming(one office_incomingdocument) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
DECLARE
    to_whom text := (SELECT string_agg(concat_ws(' ', agency ->> 'code', agency ->> 'name'), ' ')
        FROM jsonb_array_elements(one.recipients) agency);
    number text := one.number || '/' || one.notation;
BEGIN
    RETURN office_vector(
        concat_ws(' ', office_number(number), office_code(one.identifier), office_code(one.sender_code), one.arrival_number),
        ARRAY[number, one.sender_code || ' ' || one.sender_name, to_whom, one.type_name, one.subject, one.place,
            concat_ws(' ', one.signer_competence, one.signer_position, one.signer_name), one.appendixes::text]);
END $$;
CREATE FUNCTION office_facts_of_outgoing(one office_outgoingdocument) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
DECLARE
    number text := concat_ws('/', one.number::text || one.sub_number, one.notation);
    issuer text := (SELECT concat_ws(' ', agency.code, agency.name, body.name) FROM office_organization agency
        LEFT JOIN office_bodysigner signer ON signer.id = one.body_signer_id
        LEFT JOIN office_advisorybody body ON body.id = signer.body_id WHERE agency.id = one.organization_id);
    to_whom text := (SELECT string_agg(code || ' ' || name, ' ') FROM office_recipient WHERE document_id = one.id);
BEGIN
    RETURN office_vector(
        concat_ws(' ', office_number(number), office_code(one.identifier)),
        ARRAY[number, issuer, concat_ws(' ', to_whom, one.recipients_text), one.type_name, one.subject, '',
            concat_ws(' ', one.competence, one.position, one.signer_name), one.appendixes::text]);
END $$;
CREATE FUNCTION office_day_of(at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
$$;
"""

KEEPING = """
CREATE FUNCTION office_keep_incoming_findable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO office_findable (organization_id, kind, incoming_id, at, dated, due, facts, content, unread, wanted,
        read, tries)
    VALUES (NEW.organization_id, 'in', NEW.id, NEW.arrived_at,
        coalesce(NEW.promulgated_on, office_day_of(NEW.arrived_at)), coalesce(NEW.due_on, '9999-12-31'),
        office_facts_of_incoming(NEW), '', '[]', 1, 0, 0)
    ON CONFLICT (incoming_id) DO UPDATE SET at = excluded.at, dated = excluded.dated, due = excluded.due,
        facts = excluded.facts;
    IF TG_OP = 'UPDATE' AND NEW.state = 'cancelled' AND OLD.state <> 'cancelled' THEN
        UPDATE office_findable SET text = NULL, content = '', unread = '[]', wanted = wanted + 1, read = wanted + 1
        WHERE incoming_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER incoming_is_findable AFTER INSERT OR UPDATE OF state, number, notation, identifier, sender_code,
    sender_name, recipients, type_name, subject, place, signer_competence, signer_position, signer_name, appendixes,
    arrival_number, arrived_at, promulgated_on, due_on
    ON office_incomingdocument FOR EACH ROW EXECUTE FUNCTION office_keep_incoming_findable();

CREATE FUNCTION office_keep_outgoing_findable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO office_findable (organization_id, kind, outgoing_id, at, dated, due, facts, content, unread, wanted,
        read, tries)
    VALUES (NEW.organization_id, 'out', NEW.id, coalesce(NEW.issued_at, NEW.created_at),
        coalesce(NEW.promulgated_on, office_day_of(NEW.created_at)), coalesce(NEW.due_on, '9999-12-31'),
        office_facts_of_outgoing(NEW), '', '[]', 1, 0, 0)
    ON CONFLICT (outgoing_id) DO UPDATE SET at = excluded.at, dated = excluded.dated, due = excluded.due,
        facts = excluded.facts;
    RETURN NULL;
END $$;
CREATE TRIGGER outgoing_is_findable AFTER INSERT OR UPDATE OF number, sub_number, notation, identifier, body_signer_id,
    recipients_text, type_name, subject, competence, position, signer_name, appendixes, issued_at, promulgated_on, due_on
    ON office_outgoingdocument FOR EACH ROW EXECUTE FUNCTION office_keep_outgoing_findable();

-- A recipient more only adds words: a dispatch has hundreds.
CREATE FUNCTION office_add_recipient_to_findable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE office_findable SET facts = facts || office_vector('', ARRAY['', '', NEW.code || ' ' || NEW.name])
    WHERE outgoing_id = NEW.document_id;
    RETURN NULL;
END $$;
CREATE TRIGGER recipient_is_findable AFTER INSERT ON office_recipient
    FOR EACH ROW EXECUTE FUNCTION office_add_recipient_to_findable();
CREATE FUNCTION office_take_recipients_from_findable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE office_findable SET facts = office_facts_of_outgoing(one) FROM office_outgoingdocument one
    WHERE outgoing_id = one.id AND one.id IN (SELECT document_id FROM gone);
    RETURN NULL;
END $$;
CREATE TRIGGER recipient_is_found_no_more AFTER DELETE ON office_recipient REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION office_take_recipients_from_findable();

-- Other files: what was read is found no more from this moment on, and the worker reads anew. Nothing is read of what
-- was destroyed. What is approved, signed and numbered says what the draft said.
CREATE FUNCTION office_read_incoming_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE office_findable f SET text = NULL, content = '', unread = '[]', wanted = wanted + 1, tries = 0
    FROM office_incomingdocument one
    WHERE f.incoming_id = one.id AND one.state <> 'cancelled' AND one.id IN (NEW.document_id, OLD.document_id);
    RETURN NULL;
END $$;
CREATE TRIGGER incoming_file_is_read AFTER INSERT OR DELETE OR UPDATE OF document_id, digest ON office_incomingfile
    FOR EACH ROW EXECUTE FUNCTION office_read_incoming_anew();
CREATE FUNCTION office_read_outgoing_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE office_findable SET text = NULL, content = '', unread = '[]', wanted = wanted + 1, tries = 0
    WHERE outgoing_id IN (NEW.document_id, OLD.document_id);
    RETURN NULL;
END $$;
CREATE TRIGGER version_is_read AFTER INSERT ON office_version
    FOR EACH ROW WHEN (NEW.stage IN ('draft', 'sealed')) EXECUTE FUNCTION office_read_outgoing_anew();
CREATE TRIGGER enclosure_is_read AFTER INSERT OR DELETE ON office_enclosure
    FOR EACH ROW EXECUTE FUNCTION office_read_outgoing_anew();
"""

FINDABLE = WORDS + FACTS + KEEPING
