-- The hub begins with the leads of the list before it: 1,200 of them, and three telephones.
INSERT INTO leads (name, phone, source)
SELECT concat('Lead ', seq), concat('55 ', lpad(seq, 8, '0')), elt(1 + seq % 3, 'web', 'whatsapp', 'feria') FROM seq_1_to_1200;
INSERT INTO sessions (phone, state) VALUES ('55 1000 0001', 'connected'), ('55 1000 0002', 'connected'), ('55 1000 0003', 'connected');
