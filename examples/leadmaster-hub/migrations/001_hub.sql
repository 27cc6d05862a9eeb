CREATE TABLE leads (
  id int PRIMARY KEY AUTO_INCREMENT,
  name varchar(120) NOT NULL,
  phone varchar(25) NOT NULL,
  source varchar(40) NOT NULL DEFAULT 'web',
  created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE sessions (
  phone varchar(25) PRIMARY KEY,
  state enum('connected', 'waiting') NOT NULL
);
