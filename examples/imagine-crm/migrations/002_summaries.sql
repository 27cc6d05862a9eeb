CREATE TABLE summary_deals_by_stage (
  tenant_id int NOT NULL,
  stage varchar(20) NOT NULL,
  deals int NOT NULL,
  PRIMARY KEY (tenant_id, stage)
);
CREATE TABLE summary_revenue_by_month (
  tenant_id int NOT NULL,
  month char(7) NOT NULL,
  revenue decimal(14, 2) NOT NULL,
  PRIMARY KEY (tenant_id, month)
);
