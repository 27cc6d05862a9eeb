CREATE TABLE tenants (
  id int PRIMARY KEY AUTO_INCREMENT,
  name varchar(80) NOT NULL UNIQUE
);
CREATE TABLE users (
  id int PRIMARY KEY AUTO_INCREMENT,
  tenant_id int NOT NULL,
  email varchar(190) NOT NULL UNIQUE,
  password_hash varchar(200) NOT NULL,
  FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE TABLE contacts (
  id int PRIMARY KEY AUTO_INCREMENT,
  tenant_id int NOT NULL,
  name varchar(120) NOT NULL,
  note text,
  FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE TABLE deals (
  id int PRIMARY KEY AUTO_INCREMENT,
  tenant_id int NOT NULL,
  contact_id int NOT NULL,
  stage varchar(20) NOT NULL,
  -- Rows from before 2024 may have none.
  amount decimal(12, 2),
  opened_on date NOT NULL,
  FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  FOREIGN KEY (contact_id) REFERENCES contacts (id)
);
