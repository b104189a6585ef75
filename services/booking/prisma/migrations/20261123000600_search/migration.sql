-- Finding salons: by words in both scripts, by the services they offer, by name and by place.

-- Text as it is searched. The twin of toSearchText, which folds what is asked for: a test compares them sign by sign. What is
-- stored is folded here, so that rows of a version of the service that knows nothing of it are found as well.
CREATE FUNCTION to_search_text(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(
    lower(regexp_replace(
      normalize(translate(normalize(given, NFC), 'أإآٱىئؤةـ', 'ااااييوه'), NFKD) COLLATE "C",
      '[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08ca-\u08e1\u08e3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]',
      '', 'g') COLLATE pg_unicode_fast) COLLATE "C",
    '[\u0009-\u000d\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+', ' ', 'g'))
$$;

-- All runs of three characters, for "somewhere in the text". pg_trgm would do the same, but finds no letters in Arabic where the
-- database's ctype is C. The cost is what it takes: with the usual one the planner would rather call it for every row than ask
-- the index.
CREATE FUNCTION trigrams_of(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5000
  RETURN coalesce((SELECT array_agg(DISTINCT substr($1, n, 3)) FROM generate_series(1, length($1) - 2) AS n), '{}');

-- Salons come by name in the order of the alphabet, not of capitals, accents and vowel marks: folded Arabic and Latin letters
-- are in that order by their code points, which is the same on every server. Page tokens carry the name: it must not be long.
ALTER TABLE salons
  ADD COLUMN sort_ar text COLLATE "C" GENERATED ALWAYS AS (left(to_search_text(name_ar), 100)) STORED,
  ADD COLUMN sort_en text COLLATE "C" GENERATED ALWAYS AS (left(to_search_text(name_en), 100)) STORED;
UPDATE salons
   SET search_text = to_search_text(concat_ws(' ', name_ar, name_en, description_ar, description_en)),
       search_cities = ARRAY[to_search_text(city_ar), to_search_text(city_en)]
 WHERE (search_text, search_cities) IS DISTINCT FROM (
         to_search_text(concat_ws(' ', name_ar, name_en, description_ar, description_en)),
         ARRAY[to_search_text(city_ar), to_search_text(city_en)]);
CREATE INDEX salons_words ON salons USING gin (trigrams_of(search_text)) WHERE state = 'published';
CREATE INDEX salons_cities ON salons USING gin (search_cities) WHERE state = 'published';
CREATE INDEX salons_by_name_ar ON salons (sort_ar, id) WHERE state = 'published';
CREATE INDEX salons_by_name_en ON salons (sort_en, id) WHERE state = 'published';
CREATE INDEX salons_places ON salons (latitude, longitude) WHERE state = 'published';
-- Few are different: to tell which there are is to go from one to the next.
CREATE INDEX salons_zones ON salons (time_zone);

ALTER TABLE services
  ADD COLUMN search_text text NOT NULL GENERATED ALWAYS AS (to_search_text(name_ar || ' ' || name_en)) STORED;
CREATE INDEX services_words ON services USING gin (trigrams_of(search_text)) WHERE active;
