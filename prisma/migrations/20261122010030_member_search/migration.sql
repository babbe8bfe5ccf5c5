-- Members who never ordered come last, and keyset paging needs that order in the index.
CREATE INDEX member_by_last_order ON member (shop_id, (coalesce(last_order_at, '-infinity'::timestamptz)) DESC, id);
-- Search by the beginning of an address, whatever the database's collation.
CREATE INDEX member_email_prefix ON member (shop_id, email text_pattern_ops);

-- Under row-level security an index serves only operators that cannot leak a row's content, and array
-- containment is not one of them: as the app, the search would read every member. This function runs as
-- the owner, and answers for the current shop only.
CREATE FUNCTION members_with_grams(grams text[], at_most integer)
  RETURNS TABLE (member_id bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$ SELECT id FROM member WHERE search_grams @> grams AND shop_id = (SELECT current_shop()) LIMIT at_most $$;
REVOKE EXECUTE ON FUNCTION members_with_grams(text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION members_with_grams(text[], integer) TO kizuna_app;
