"""The base formulation by topic: what holds for every alliance, whatever layers its workbook uses."""
