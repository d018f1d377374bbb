"""What every command of the command line needs: its workbook, its options, its output."""
