-- What an operator writes about the refund of somebody who is gone is not kept either. Whoever writes one holds the payment's row,
-- where it meets the erasure.

CREATE FUNCTION forget_refund_of_erased_customer() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM payments JOIN erased_customers ON user_id = customer_id WHERE payments.id = NEW.payment_id) THEN
    NEW.reason := '';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER refunds_forget_erased_customer BEFORE INSERT ON refunds
  FOR EACH ROW WHEN (NEW.requested_by IS NOT NULL AND NEW.reason <> '') EXECUTE FUNCTION forget_refund_of_erased_customer();
